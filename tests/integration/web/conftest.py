"""The dashboard on its stage: one for all tests here, which make users and calls of their own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import expect

from db.engine import Work
from node.parts.postgres import Postgres
from tests.database import fresh
from tests.integration.web.seed import Seeded, seed
from tests.integration.web.stage import Stage, open_stage

expect.set_options(timeout=20_000)  # a busy machine is slow, and no fault of the page's


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    """One loop for all tests here, as their stage lives that long."""
    return "asyncio"


@pytest.fixture(scope="package")
async def theatre(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    url = await fresh(postgres)
    work = Work(url)
    async with open_stage(work, url, tmp_path_factory.mktemp("stage")) as stage:
        yield stage
    await work.close()


@pytest.fixture(scope="package")
async def seeded(theatre: Stage) -> Seeded:
    """Three weeks of calls and payments."""
    return await seed(theatre.api, 30)


@pytest.fixture
def stage(theatre: Stage) -> Iterator[Stage]:
    """The stage, on which the browser has nothing to complain about."""
    theatre.complaints.clear()
    theatre.expected.clear()
    yield theatre
    assert not theatre.complaints
