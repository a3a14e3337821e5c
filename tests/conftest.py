"""What every test may use."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import settings

from db import migrate
from db.engine import Work
from node.parts.postgres import Postgres
from tests.database import fresh

settings.register_profile("untimed", deadline=None)  # speed is measured by `make bench`, never by a test
settings.load_profile("untimed")


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, which is what the product runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A real PostgreSQL for all tests, with a database `migrated` to make others from.

    It lives on a loop of its own: one that a fixture of the session kept open would serve all tests, those
    in virtual time too.
    """
    folder = tmp_path_factory.mktemp("postgres")
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(_server(folder)) as server:
        yield server


@pytest.fixture
async def database(postgres: Postgres) -> str:
    """The URL of a migrated database of the test's own."""
    return await fresh(postgres)


@pytest.fixture
async def work(database: str) -> AsyncIterator[Work]:
    work = Work(database)
    yield work
    await work.close()


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[Postgres]:
    async with Postgres(folder, durable=False) as server:
        await anyio.to_thread.run_sync(migrate.upgrade, await server.create("migrated"))
        yield server
