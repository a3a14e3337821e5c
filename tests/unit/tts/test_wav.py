"""WAV files, whole and broken."""

import contextlib
import io
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from tts.wav import read_wav


def _wav(pcm: bytes, rate_hz: int = 22_050, channels: int = 1) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((channels, 2, rate_hz, 0, "NONE", ""))
        out.writeframes(pcm)
    return file.getvalue()


@given(st.binary().filter(lambda pcm: len(pcm) % 2 == 0), st.integers(1, 96_000))
def test_what_was_written_is_read(pcm: bytes, rate_hz: int) -> None:
    audio = read_wav(_wav(pcm, rate_hz))
    assert (audio.pcm, audio.rate_hz) == (pcm, rate_hz)


def test_the_length_that_a_pipe_cannot_know_is_not_believed() -> None:
    data = bytearray(_wav(b"\1\2\3\4"))
    data[40:44] = (0x7FFFF000).to_bytes(4, "little")
    assert read_wav(bytes(data)).pcm == b"\1\2\3\4"


def test_two_channels_are_refused() -> None:
    with pytest.raises(BadInput, match="not 16-bit mono"):
        read_wav(_wav(b"\0" * 8, channels=2))


@given(st.binary(max_size=200))
def test_garbage_is_refused_and_breaks_nothing(data: bytes) -> None:
    for candidate in (data, b"RIFF\0\0\0\0WAVE" + data, _wav(b"\0\0")[:30]):
        with contextlib.suppress(BadInput):
            read_wav(candidate)
