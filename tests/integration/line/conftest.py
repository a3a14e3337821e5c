"""What the tests of whole lines stand on."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.line.rig import Rig, rig


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for all tests of a module, as its line lives that long."""
    return "asyncio"


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A running line for all tests of a module."""
    async with rig(tmp_path_factory.mktemp("line")) as one:
        yield one
