"""What the tests of telephones in browsers stand on: a line with two of them, in a network of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.line.rig import Rig, rig
from tests.integration.network import private_network
from tests.integration.phone.browser import TWO_TELEPHONES


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    """One loop for all tests here, as their line lives that long."""
    return "asyncio"


@pytest.fixture(scope="package")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A running line for all tests here."""
    with private_network():
        async with rig(tmp_path_factory.mktemp("line"), TWO_TELEPHONES) as one:
            yield one
