"""Calls of a number that is recorded: the conversation is in the file, the card's keys are not."""

from pathlib import Path

import pytest

from core.audio import Audio
from node.demo.search import search
from rehearsal.script import Dtmf, Rhythm
from rehearsal.tones import tones
from tests.integration.line.listening import keys, level, longest_run, read
from tests.integration.line.rig import PAID_ONCE, Rig
from tests.integration.line.scripts import pays

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_VOICE_HZ = 300


async def test_a_recording_holds_the_call_and_no_key_of_the_card(line: Rig) -> None:
    account = await line.bill()
    played = await line.rehearse(pays(account, dial="1002", dtmf=Dtmf.INBAND, card="random"))
    await line.settled(account, PAID_ONCE)
    [recording] = (line.stack.asterisk.spool / "recording").glob("*.wav")
    assert recording.stem == played.call
    audio = read(recording)
    assert audio.seconds > 3
    assert level(audio, _VOICE_HZ) > 0.001
    sounded = keys(audio)
    assert longest_run(sounded, played.cards[0]) < 4, sounded
    assert len(sounded) <= len(account) + 4, sounded  # the account, `#`, and two keys of menus
    assert not search(recording.parent, played.cards[0]).found


async def test_a_number_that_is_not_recorded_leaves_no_file(line: Rig) -> None:
    folder = line.stack.asterisk.spool / "recording"
    before = set(folder.glob("*"))
    account = await line.bill()
    await line.rehearse(pays(account))
    assert set(folder.glob("*")) == before


def test_keys_in_a_recording_would_be_found(tmp_path: Path) -> None:
    """The control: what the other tests look for can be seen."""
    planted = tones("4000123412341236", Rhythm(every_s=0.22, held_s=0.1))
    silence = Audio(bytes(8000), 8000)
    sounded = keys(Audio(silence.pcm + planted.pcm + silence.pcm, 8000))
    assert sounded == "4000123412341236"
    assert longest_run(sounded, "4000123412341236") == 16
    assert tmp_path.is_dir()
