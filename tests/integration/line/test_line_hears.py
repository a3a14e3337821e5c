"""Callers who answer in words, on a whole line with a real recognizer; recordings come from the test pack."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from node.stack.stack import Wish
from tests.integration.line.rig import Rig, rig
from tests.integration.line.robot import spoken_by_a_robot
from tests.testpack import pack

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_YES: Final = "say05-awb.ulaw"
_AMOUNT: Final = "say01-awb.ulaw"  # fifty three dollars and twenty cents

_ASKED_HOW_MUCH: Final = """
dial: "1000"
from: "{caller}"
steps:
  - hear_all: found_account
    within: 40s
  - speak: {yes}
  - hear_all: Would you like to pay all of it now
    within: 30s
"""

_NAMES_AN_AMOUNT: Final = (
    f"name: A caller names an amount\n{_ASKED_HOW_MUCH}"
    + """
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
)

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

_IS_UPSET: Final = (
    f"name: A caller has had enough\n{_ASKED_HOW_MUCH}"
    + """
  - speak: {angry}
  - hear: upset
    within: 20s
  - hear: connecting
    within: 20s
  - hang_up
expect:
  not_said: [no_match, no_input, offer_person]
"""
)

_IS_NOT_UNDERSTOOD: Final = (
    f"name: A caller is not understood, is asked for keys, and is offered a person\n{_ASKED_HOW_MUCH}"
    + """
  - speak: {nonsense}
  - hear_all: ask_how_much
    within: 30s
  - speak: {nonsense_too}
  - hear_all: To pay all of it now, press one
    within: 30s
  - speak: {nonsense_once_more}
  - hear_all: offer_person
    within: 30s
  - speak: {yes}
  - hear: connecting
    within: 20s
  - hang_up
expect:
  not_said: [upset]
"""
)


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A line with the test pack's models, but for the second opinion: its Whisper says the same to all."""
    models = {"TELLERLINE_HEARING_MODELS": str(pack(".")), "TELLERLINE_HEARING_SECOND_S": "0"}
    wish = Wish(environment=models)
    async with rig(tmp_path_factory.mktemp("line"), wish, quick=False) as one:
        yield one


def _written(script: str, caller: str, **more: Path) -> str:
    sounds = {name: pack(f"callers/{file}") for name, file in (("yes", _YES), ("amount", _AMOUNT))}
    return script.format(caller=caller, **sounds, **more)


async def _said(text: str, folder: Path) -> Path:
    file = folder / f"{text.replace(' ', '-')}.ulaw"
    file.write_bytes(await spoken_by_a_robot(text))
    return file


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


async def test_who_is_upset_is_handed_over_at_once(line: Rig, tmp_path: Path) -> None:
    caller = line.number()
    await line.bill((caller,))
    angry = await _said("this is ridiculous", tmp_path)
    await line.rehearse(_written(_IS_UPSET, caller, angry=angry))
    assert "caller_upset" in [fact["kind"] for fact in await line.facts(caller)]


async def test_who_is_not_understood_is_asked_for_keys_and_then_offered_a_person(
    line: Rig, tmp_path: Path
) -> None:
    caller = line.number()
    await line.bill((caller,))
    said = {
        "nonsense": await _said("american apple", tmp_path),
        "nonsense_too": await _said("the office in africa", tmp_path),
        "nonsense_once_more": await _said("australian atmosphere", tmp_path),
    }
    await line.rehearse(_written(_IS_NOT_UNDERSTOOD, caller, **said))
