"""A server that may be killed; a database of the test's own is called its `url` here."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio.to_thread
import pytest

from db import migrate
from db.engine import Limits, Work
from node.parts.postgres import Postgres


@pytest.fixture
def url(database: str) -> str:
    return database


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[Postgres]:
    """A server of the test's own, to be killed; as durable as in production."""
    async with Postgres(tmp_path / "mortal") as server:
        await server.create("tellerline")
        await anyio.to_thread.run_sync(migrate.upgrade, server.url("tellerline"))
        yield server


@pytest.fixture
async def mortal_work(mortal: Postgres) -> AsyncIterator[Work]:
    work = Work(mortal.url("tellerline"), Limits(connections=8, connect_s=2, pool_s=10, work_s=10))
    yield work
    await work.close()
