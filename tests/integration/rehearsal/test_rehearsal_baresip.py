"""The real telephone against a real Asterisk: keys, sound, ends."""

import os
import signal
import wave
from pathlib import Path

import anyio
import numpy as np
import pytest

from core.audio import Audio
from rehearsal.account import Call, Caller, Line
from rehearsal.baresip import baresip
from rehearsal.heard import Levels, SoundBegan
from rehearsal.phone import Answered, NotAnswered, PhoneBroken
from rehearsal.script import Dtmf, Rhythm
from rehearsal.sound import RATE_HZ, write_with_silence
from tests.integration.rehearsal.telephones import UDP, Lab

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

KEYS = "1234567890*ABCD"
INFO_KEYS = "1234567890*"


@pytest.mark.parametrize(
    ("dtmf", "rhythm"),
    [
        (Dtmf.RFC4733, Rhythm(0.12, 0.06)),
        (Dtmf.RFC4733, Rhythm(0.4, 0.3)),
        (Dtmf.INFO, Rhythm(0.12, 0.06)),
        (Dtmf.INBAND, Rhythm(0.12, 0.06)),
    ],
)
async def test_keys_arrive_at_the_line_in_every_mode(lab: Lab, dtmf: Dtmf, rhythm: Rhythm) -> None:
    number, keys = ("info", INFO_KEYS) if dtmf is Dtmf.INFO else ("15550123", KEYS)

    with anyio.fail_after(30):
        async with lab.phone(Caller(number, dtmf=dtmf)) as phone:
            assert isinstance(await phone.dial("read", 5), Answered)
            await phone.press(keys + "#", rhythm)
            closed = await phone.closed()

    assert closed.by_line
    assert await lab.keys_from(number) == keys


async def test_what_the_line_says_is_received_and_timed(lab: Lab) -> None:
    with anyio.fail_after(30):
        async with lab.phone(Caller("15550123")) as phone:
            await phone.dial("late", 5)
            await anyio.sleep(2.5)
            await phone.hang_up()
            closed = await phone.closed()

    began = [change for change in Levels().feed(phone.received.news()) if isinstance(change, SoundBegan)]
    assert not closed.by_line
    assert len(began) == 1
    assert 0.9 < began[0].at_s < 1.6


async def test_the_lines_own_end_is_told_from_the_callers(lab: Lab) -> None:
    with anyio.fail_after(30):
        async with lab.phone(Caller("15550123")) as phone:
            await phone.dial("talk", 5)
            closed = await phone.closed()
            await phone.press("1", Rhythm())
            await phone.hang_up()

    assert closed.by_line


@pytest.mark.parametrize("dtmf", [Dtmf.RFC4733, Dtmf.INFO])
async def test_keys_that_are_pressed_while_the_line_hangs_up_go_nowhere(lab: Lab, dtmf: Dtmf) -> None:
    with anyio.fail_after(30):
        async with lab.phone(Caller("15550123", dtmf=dtmf)) as phone:
            await phone.dial("talk", 5)
            await phone.press("12" * 40, Rhythm(0.1, 0.06))
            closed = await phone.closed()

    assert closed.by_line


async def test_a_recording_is_spoken_to_the_line(lab: Lab) -> None:
    tone = (8000 * np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ) / RATE_HZ)).astype("<i2").tobytes()
    write_with_silence(lab.folder / "tone.wav", Audio(tone, RATE_HZ), 0)

    with anyio.fail_after(30):
        async with lab.phone(Caller("15550123")) as phone:
            await phone.dial("record", 5)
            await phone.speak(lab.folder / "tone.wav")
            await phone.closed()

    with wave.open(str(lab.folder / "recorded.wav")) as recorded:
        heard = np.frombuffer(recorded.readframes(recorded.getnframes()), "<i2").astype(np.float64)
    spectrum = abs(np.fft.rfft(heard))
    assert abs(spectrum.argmax() * RATE_HZ / len(heard) - 1000) < 5


async def test_a_busy_line_is_not_answered(lab: Lab) -> None:
    with anyio.fail_after(30):
        async with lab.phone(Caller("15550123")) as phone:
            answer = await phone.dial("busy", 5)

    assert answer == NotAnswered("486 Busy Here")


async def test_an_unknown_number_and_a_silent_address_are_not_answered(lab: Lab) -> None:
    with anyio.fail_after(30):
        async with lab.phone(Caller("15550123")) as phone:
            unknown = await phone.dial("nobody", 5)
        async with lab.phone(Caller("15550123"), Line("127.0.0.1", 19799)) as phone:
            silent = await phone.dial("talk", 1)

    assert unknown == NotAnswered("404 Not Found")
    assert isinstance(silent, NotAnswered)


async def test_a_registered_telephone_calls_over_tls_with_encrypted_sound(lab: Lab) -> None:
    line = Line("127.0.0.1", 19751, "tls", srtp=True, user="201", password="a-test-password", register=True)

    with anyio.fail_after(30):
        async with lab.phone(Caller("201"), line) as phone:
            assert isinstance(await phone.dial("talk", 5), Answered)
            await phone.closed()

    assert any(isinstance(change, SoundBegan) for change in Levels().feed(phone.received.news()))


async def test_a_wrong_password_is_told_in_words(lab: Lab) -> None:
    line = Line("127.0.0.1", 19750, user="201", password="wrong", register=True)

    with anyio.fail_after(30), pytest.raises(PhoneBroken, match="did not take the registration"):
        async with lab.phone(Caller("201"), line):
            pytest.fail("it was registered")


async def test_a_taken_port_is_told_with_the_clients_last_words(lab: Lab, tmp_path: Path) -> None:
    with anyio.fail_after(30), lab.ports.block() as ports:
        call = Call(UDP, Caller("15550123"), ports)
        async with await anyio.create_udp_socket(local_host="127.0.0.1", local_port=ports.sip):
            with pytest.raises(PhoneBroken, match=r"did not start[\s\S]+it said last"):
                async with baresip(lab.installed, call, tmp_path / "late", 30):
                    pytest.fail("it started")


async def test_a_killed_telephone_is_told_and_nobody_waits_for_it(lab: Lab) -> None:
    with anyio.fail_after(30):
        async with lab.phone(Caller("15550123")) as phone:
            await phone.dial("wait", 5)
            os.kill(lab.pid_of_phone(), signal.SIGKILL)
            with pytest.raises(PhoneBroken, match="baresip failed"):
                await phone.closed()
            with pytest.raises(PhoneBroken):
                await phone.press("1", Rhythm())
