"""What the tests of telephones in browsers stand on: a line with two of them, in a network of its own."""

from collections.abc import AsyncIterator

import pytest

from node.stack.stack import Wish
from tests.integration.line.rig import Rig, rig
from tests.integration.network import private_network


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for all tests of a module, as its line lives that long."""
    return "asyncio"


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A running line for all tests of a module."""
    wish = Wish(
        environment={
            "TELLERLINE_API_OPEN_PHONE": "302",
            "TELLERLINE_LINE_AGENTS": "301",
            "TELLERLINE_API_SECOND_FACTOR": "false",
        }
    )
    with private_network():
        async with rig(tmp_path_factory.mktemp("line"), wish) as one:
            yield one
