"""Keys become tones that a detector understands, and received sound is measured."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio import Audio, silence
from core.errors import BadInput
from rehearsal.heard import Levels, Received, SoundBegan, SoundEnded, dropouts
from rehearsal.script import Rhythm
from rehearsal.sound import read_recording, ulaw_to_linear, write_with_silence
from rehearsal.tones import FREQUENCIES_HZ, RATE_HZ, tones

LOW = (697, 770, 852, 941)
HIGH = (1209, 1336, 1477, 1633)


def goertzel(samples: np.ndarray[tuple[int], np.dtype[np.float64]], hz: int) -> float:
    """The power of one frequency (Goertzel 1958)."""
    before = last = 0.0
    turn = 2 * np.cos(2 * np.pi * hz / RATE_HZ)
    for sample in samples:
        before, last = last, sample + turn * last - before
    return float(last**2 + before**2 - turn * last * before)


def key_of(pcm: bytes) -> str:
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    low = max(LOW, key=lambda hz: goertzel(samples, hz))
    high = max(HIGH, key=lambda hz: goertzel(samples, hz))
    return next(key for key, pair in FREQUENCIES_HZ.items() if pair == (low, high))


@given(st.text("0123456789*#ABCD", min_size=1, max_size=6))
def test_a_detector_finds_the_keys_in_their_tones(keys: str) -> None:
    every = int(0.1 * RATE_HZ) * 2

    audio = tones(keys, Rhythm(every_s=0.1, held_s=0.05))

    assert audio.seconds == pytest.approx(0.1 * len(keys))
    assert "".join(key_of(audio.pcm[at : at + every]) for at in range(0, len(audio.pcm), every)) == keys


def test_between_the_keys_there_is_silence_and_no_tone_is_clipped() -> None:
    samples = np.frombuffer(tones("5", Rhythm(every_s=0.2, held_s=0.1)).pcm, "<i2")

    assert not samples[800:].any()
    assert 15_000 < abs(samples).max() < 32_000


def test_mu_law_is_decoded_as_the_standard_says() -> None:
    # ITU-T G.711 table 2b: 0x00 is the lowest, 0x80 the highest value, 0x7f and 0xff are nothing
    assert struct.unpack("<5h", ulaw_to_linear(b"\x00\x80\x7f\xff\x8f")) == (-32124, 32124, 0, 0, 16764)


def test_a_recording_is_followed_by_silence_that_takes_no_room(tmp_path: Path) -> None:
    file = tmp_path / "spoken.wav"

    write_with_silence(file, Audio(b"\x01\x02" * 800, RATE_HZ), 600)

    with wave.open(str(file)) as written:
        assert (written.getframerate(), written.getnchannels(), written.getsampwidth()) == (RATE_HZ, 1, 2)
        assert written.getnframes() == 800 + 600 * RATE_HZ
        assert written.readframes(800) == b"\x01\x02" * 800
        assert not any(written.readframes(800))
    assert file.stat().st_blocks * 512 < 100_000


def test_a_wav_file_is_read_back_and_others_are_refused_in_words(tmp_path: Path) -> None:
    good, fast, torn = tmp_path / "good.wav", tmp_path / "fast.wav", tmp_path / "torn.wav"
    write_with_silence(good, Audio(b"\x01\x02" * 80, RATE_HZ), 0)
    write_with_silence(fast, Audio(b"\x01\x02" * 80, 16_000), 0)
    torn.write_bytes(b"RIFF")

    assert read_recording(good) == Audio(b"\x01\x02" * 80, RATE_HZ)
    with pytest.raises(BadInput, match="must be mono, 16 bits, 8000 Hz"):
        read_recording(fast)
    with pytest.raises(BadInput, match="is not a WAV file"):
        read_recording(torn)


def test_sound_and_pauses_are_found_at_their_times_however_the_samples_come() -> None:
    tone = tones("5", Rhythm(every_s=0.3, held_s=0.3)).pcm
    pcm = silence(0.5, RATE_HZ).pcm + tone + silence(0.2, RATE_HZ).pcm + tone + silence(1, RATE_HZ).pcm
    levels = Levels()

    found = [change for at in range(0, len(pcm), 777) for change in levels.feed(pcm[at : at + 777])]

    match found:
        case [SoundBegan(at_s=began_s), SoundEnded(at_s=ended_s, loudest_dbfs=dbfs)]:
            assert began_s == pytest.approx(0.5)
            assert ended_s == pytest.approx(1.3)
            assert -20 < dbfs < -5
        case _:
            pytest.fail(str(found))


def test_a_recording_is_read_while_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "heard.wav"
    received = Received(file)
    assert received.news() == b""

    file.write_bytes(bytes(44) + b"abcde")
    first = received.news()
    with file.open("ab") as more:
        more.write(b"fgh")

    assert first + received.news() == b"abcdefgh"
    assert received.between(1 / RATE_HZ, 3 / RATE_HZ).pcm == b"cdef"


def test_torn_sound_is_counted_and_pauses_are_not() -> None:
    tone = np.frombuffer(tones("5", Rhythm(every_s=0.3, held_s=0.3)).pcm, "<i2").copy()
    torn, pause = tone.copy(), tone.copy()
    torn[1000:1160] = 0
    torn[1999] = torn[2160] = 8000
    torn[2000:2160] = 0
    pause[800:1600] = 0
    pause[700:800] = pause[700:800] * np.linspace(1, 0, 100)
    pause[1600:1700] = pause[1600:1700] * np.linspace(0, 1, 100)

    assert dropouts(tone.tobytes()) == 0
    assert dropouts(pause.tobytes()) == 0
    assert 1 <= dropouts(torn.tobytes()) <= 2
    assert dropouts(b"") == 0
