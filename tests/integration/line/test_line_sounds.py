"""What a caller hears beside the voice, on a whole line: a person's recordings, comfort during a wait."""

from collections.abc import AsyncIterator
from typing import Final

import pytest

from node.stack.stack import Wish
from rehearsal.phone import Answered, Phone
from tests.integration.line.listening import LOUD, heard, level, sounding_s, tone
from tests.integration.line.rig import PAID_ONCE, TONE_HZ, Rig, rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_RECORDED_HZ: Final = 1000
_COMFORT_HZ: Final = 220
_SOFT, _LASTS_S = 300, 1.5  # of 32767: a person who spoke from afar
_CHARGED_AND_SILENT: Final = "4000000000001109"
_ALL_S: Final = 120.0


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A line that greets with a recording; all else its voice says."""
    folder = tmp_path_factory.mktemp("line")
    recordings = folder / "recordings" / "en"
    recordings.mkdir(parents=True)
    tone(recordings / "greeting.wav", _RECORDED_HZ, _LASTS_S, _SOFT)
    wish = Wish(environment={"TELLERLINE_VOICE_RECORDINGS": str(recordings.parent)})
    async with rig(folder, wish) as one:
        yield one


async def test_a_recorded_prompt_is_heard_as_loud_as_the_voice(line: Rig) -> None:
    caller = line.number()
    async with line.phone(caller) as phone:
        assert isinstance(await phone.dial("1000", 10), Answered)
        await heard(phone, _RECORDED_HZ)
        await line.said(caller, "ask_account")
        await heard(phone, TONE_HZ)
        sound = phone.received.between(0, _ALL_S)
        await phone.hang_up()
    assert sounding_s(sound, _RECORDED_HZ) == pytest.approx(_LASTS_S, abs=0.2)
    assert 0.7 < level(sound, _RECORDED_HZ) / level(sound, TONE_HZ) < 1.4


async def test_comfort_is_heard_while_the_bank_thinks_and_not_before(line: Rig) -> None:
    caller, account = line.number(), await line.bill()
    async with line.phone(caller) as phone:
        assert isinstance(await phone.dial("1000", 10), Answered)
        await line.asked(phone, caller, "ask_account", f"{account}#")
        await line.asked(phone, caller, "ask_how_much", "1")
        await line.asked(phone, caller, "card_number", f"{_CHARGED_AND_SILENT}#")
        await line.asked(phone, caller, "card_expiry", "1230")
        before = level(phone.received.between(0, _ALL_S), _COMFORT_HZ)
        await line.asked(phone, caller, "card_code", "123")
        await _comforted(line, phone, caller)
        await phone.closed()
    assert before < LOUD
    await line.settled(account, PAID_ONCE, within_s=30)


async def _comforted(line: Rig, phone: Phone, caller: str) -> None:
    await line.said(caller, "one_moment")
    await heard(phone, _COMFORT_HZ, within_s=20)
    await line.said(caller, "unconfirmed", within_s=40)
