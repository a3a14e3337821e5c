"""For each test a migrated database of its own, or a server that may be killed."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import anyio.to_thread
import psycopg
import pytest

from db import migrate
from db.engine import Limits, Work
from node.parts.postgres import Postgres

_NUMBERS = count(1)


@pytest.fixture
async def url(postgres: Postgres) -> str:
    name = f"test_{next(_NUMBERS)}"
    async with await psycopg.AsyncConnection.connect(postgres.url(), autocommit=True) as connection:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated".encode())
    return postgres.url(name)


@pytest.fixture
async def work(url: str) -> AsyncIterator[Work]:
    work = Work(url)
    yield work
    await work.close()


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
