"""A line that listens takes keys as one that does not, from the first moment of the first question on."""

from collections.abc import AsyncIterator

import pytest

from node.stack.stack import Wish
from tests.integration.line.rig import PAID_ONCE, Rig, rig
from tests.integration.line.scripts import pays
from tests.testpack import pack

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A line with the test pack's models."""
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    wish = Wish(environment={"TELLERLINE_HEARING_MODELS": str(pack("."))})
    async with rig(tmp_path_factory.mktemp("line"), wish, quick=False) as one:
        yield one


async def test_keys_as_soon_as_a_question_begins_stop_it_and_pay(line: Rig) -> None:
    account = await line.bill()
    played = await line.rehearse(pays(account))
    await line.settled(account, PAID_ONCE)
    assert "stops, interrupted (ask_account)" in [entry.what for entry in played.entries]
