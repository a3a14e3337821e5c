"""Callers who answer in words, on a whole line with a real recognizer; recordings come from the test pack."""

from collections.abc import AsyncIterator
from typing import Final

import pytest

from node.stack.stack import Wish
from tests.integration.line.rig import Rig, rig
from tests.testpack import pack

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_YES: Final = "say05-awb.ulaw"
_AMOUNT: Final = "say01-awb.ulaw"  # fifty three dollars and twenty cents

_NAMES_AN_AMOUNT: Final = """
name: A caller names an amount
dial: "1000"
from: "{caller}"
steps:
  - hear_all: found_account
    within: 40s
  - speak: {yes}
  - hear_all: ask_how_much
    within: 30s
  - speak: {amount}
  - hear_all: fifty-three dollars and twenty cents
    within: 20s
  - speak: {yes}
  - hear: card_intro
    within: 20s
  - hang_up
expect:
  not_said: [no_match, no_input]
"""

_SPEAKS_INTO_THE_QUESTION: Final = """
name: A caller speaks into the question
dial: "1000"
from: "{caller}"
steps:
  - hear: found_account
    within: 40s
  - speak: {yes}
  - hear_all: ask_how_much
    within: 30s
  - hang_up
expect:
  not_said: [no_match, no_input]
"""


_KEYS_INTO_THE_FIRST_QUESTION: Final = """
name: A caller keys into the first question, which is a long one
dial: "1000"
from: "{caller}"
steps:
  - hear: ask_account
    within: 40s
  - press: "{account}#"
  - hear_all: ask_how_much
    within: 20s
  - hang_up
expect:
  not_said: [sorry, no_match, no_input]
"""


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A line with the test pack's models."""
    wish = Wish(environment={"TELLERLINE_HEARING_MODELS": str(pack("."))})
    async with rig(tmp_path_factory.mktemp("line"), wish, quick=False) as one:
        yield one


def _written(script: str, caller: str) -> str:
    sounds = {name: pack(f"callers/{file}") for name, file in (("yes", _YES), ("amount", _AMOUNT))}
    return script.format(caller=caller, **sounds)


async def test_an_amount_is_said_in_a_sentence_and_read_back(line: Rig) -> None:
    caller = line.number()
    await line.bill((caller,))
    await line.rehearse(_written(_NAMES_AN_AMOUNT, caller))


async def test_a_voice_interrupts_the_question_and_answers_it(line: Rig) -> None:
    caller = line.number()
    await line.bill((caller,))
    played = await line.rehearse(_written(_SPEAKS_INTO_THE_QUESTION, caller))
    assert "stops, interrupted (found_account)" in [entry.what for entry in played.entries]


async def test_the_first_question_of_a_call_is_interrupted_however_long_it_is(line: Rig) -> None:
    account = await line.bill()
    script = _KEYS_INTO_THE_FIRST_QUESTION.format(caller=line.number(), account=account)
    played = await line.rehearse(script)
    assert "stops, interrupted (ask_account)" in [entry.what for entry in played.entries]
