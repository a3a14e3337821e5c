"""Callers of several languages, on a whole line: a number's own, others by asking and by a menu.

No Spanish model is in the test pack: its English one stands in under a Spanish name, as what a Spanish line
hears with. It knows the word `English`.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from node.stack.stack import Wish
from tests.integration.line.rig import EXCHANGE, Rig, rig
from tests.integration.line.robot import spoken_by_a_robot
from tests.testpack import pack

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_YES: Final = "callers/say05-awb.ulaw"
_BALANCE: Final = "callers/say09-awb.ulaw"  # what is my balance
_MODELS: Final = {
    "vosk-tiny-en-8k": "vosk-tiny-en-8k",
    "vosk-tiny-es-8k": "vosk-tiny-en-8k",
    "silero-vad": "silero-vad",
}

_ASKS_FOR_ENGLISH: Final = """
name: A number answers in Spanish, and a caller asks for English and goes on in it
dial: "1000"
from: "{caller}"
steps:
  - hear_all: ¿En qué puedo ayudarle?
    within: 40s
  - speak: {english}
  - hear_all: How can I help you
    within: 20s
  - speak: {balance}
  - hear_all: Is this the account that you want to pay
    within: 20s
  - hang_up
expect:
  not_said: [no_match, no_input, help_examples, keys_only]
"""

_ASKS_IN_PLACE_OF_A_YES: Final = """
name: A caller asks for English in place of a yes
dial: "1002"
from: "{caller}"
steps:
  - hear_all: ¿Es esta la cuenta que quiere pagar?
    within: 40s
  - speak: {english}
  - hear_all: Is this the account that you want to pay
    within: 20s
  - speak: {yes}
  - hear: Would you like to pay all of it now
    within: 20s
  - hang_up
expect:
  not_said: [no_match, no_input, keys_only]
"""

_CHOOSES_GERMAN: Final = """
name: A caller chooses German from the menu of languages
dial: "1000"
from: "{caller}"
steps:
  - hear: ¿En qué puedo ayudarle?
    within: 40s
  - press: "8"
  - hear: Für Deutsch drücken Sie
    within: 30s
  - hear_all: For English, press two
    within: 20s
  - press: "1"
  - hear: Um Ihre Rechnung zu bezahlen, drücken Sie die Eins
    within: 20s
  - hang_up
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One model for each of two languages."""
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    folder = tmp_path_factory.mktemp("models")
    for name, stands_in in _MODELS.items():
        (folder / name).symlink_to(pack(stands_in).absolute())
    return folder


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory, models: Path) -> AsyncIterator[Rig]:
    """An English line on which one may go on in German, and of which two numbers speak Spanish."""
    folder = tmp_path_factory.mktemp("line")
    exchange = folder / "exchange.yaml"
    exchange.write_text(
        EXCHANGE.read_text()
        .replace("1000: {flow: pay_bill}", "1000: {flow: front_desk, language: es}")
        .replace("1002: {flow: pay_bill,", "1002: {flow: pay_bill, language: es,")
    )
    wish = Wish(
        exchange=exchange,
        environment={
            "TELLERLINE_HEARING_MODELS": str(models),
            "TELLERLINE_LINE_LANGUAGES": "de",
        },
    )
    async with rig(folder, wish) as one:
        yield one


@pytest.fixture(scope="module")
async def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody says: English, please."""
    file = tmp_path_factory.mktemp("said") / "english.ulaw"
    file.write_bytes(await spoken_by_a_robot("English, please."))
    return file


@pytest.mark.parametrize("script", [_ASKS_FOR_ENGLISH, _ASKS_IN_PLACE_OF_A_YES])
async def test_a_number_answers_in_its_language_and_goes_on_in_another_that_is_asked_for(
    line: Rig, english: Path, script: str
) -> None:
    caller = line.number()
    await line.bill((caller,))
    sounds = {"english": english, "yes": pack(_YES), "balance": pack(_BALANCE)}
    await line.rehearse(script.format(caller=caller, **sounds))
    facts = await line.facts(caller)
    assert [one["body"]["language"] for one in facts if one["kind"] == "speaks_language"] == ["en"]


async def test_one_of_several_languages_is_chosen_from_a_menu_in_each_of_them(line: Rig) -> None:
    caller = line.number()
    await line.rehearse(_CHOOSES_GERMAN.format(caller=caller))
    facts = await line.facts(caller)
    assert [one["body"]["language"] for one in facts if one["kind"] == "speaks_language"] == ["de"]
