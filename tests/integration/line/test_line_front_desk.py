"""A caller who says what they want, on a whole line with a real recognizer and recordings."""

from collections.abc import AsyncIterator
from typing import Final

import pytest

from node.stack.stack import Wish
from tests.integration.line.rig import Rig, rig
from tests.testpack import pack

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_SOUNDS: Final = {
    "balance": "say09-awb.ulaw",  # what is my balance
    "person": "say08-awb.ulaw",  # i want to speak to an agent
    "yes": "say05-awb.ulaw",
    "no": "say04-awb.ulaw",
}

_ASKS_WHAT_IS_DUE: Final = """
name: A caller asks what is due
dial: "1000"
from: "{caller}"
steps:
  - hear_all: How can I help you
    within: 40s
  - speak: {balance}
  - hear_all: found_account
    within: 20s
  - speak: {yes}
  - hear_all: pay_it_now
    within: 30s
  - speak: {no}
  - hear_all: anything_else
    within: 20s
  - speak: {no}
  - hear: goodbye
    within: 20s
expect:
  not_said: [no_match, no_input, help_examples]
  outcome: informed
"""

_SPEAKS_SPANISH: Final = """
name: A caller presses 8 and hears Spanish
dial: "1000"
from: "{caller}"
steps:
  - hear_all: switch_language
    within: 40s
  - press: "8"
  - hear: Para pagar su factura, presione uno
    within: 20s
  - hang_up
"""


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A line whose number leads to the front desk, with the test pack's models."""
    wish = Wish(
        environment={"TELLERLINE_HEARING_MODELS": str(pack("."))},
        overrides={"numbers.1000.flow": "front_desk"},
    )
    async with rig(tmp_path_factory.mktemp("desk"), wish, quick=False) as one:
        yield one


def _written(script: str, caller: str) -> str:
    sounds = {name: pack(f"callers/{file}") for name, file in _SOUNDS.items()}
    return script.format(caller=caller, **sounds)


async def test_what_is_due_is_asked_in_free_speech(line: Rig) -> None:
    caller = line.number()
    await line.bill((caller,))
    await line.rehearse(_written(_ASKS_WHAT_IS_DUE, caller))


async def test_a_key_changes_the_language(line: Rig) -> None:
    await line.rehearse(_written(_SPEAKS_SPANISH, line.number()))
