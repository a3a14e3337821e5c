"""Tones in sound: made, and found again."""

import wave
from pathlib import Path

import anyio
import numpy as np

from core.audio import Audio
from rehearsal.phone import Phone
from rehearsal.tones import FREQUENCIES_HZ
from tests.integration.line.poll import until

CALLER_HZ, AGENT_HZ = 500, 1900
RATE_HZ = 8000

_BLOCK = 400  # 50 ms: neighbours of the keypad's tones lie 73 Hz apart
LOUD = 0.001
"""The power of a tone that is really there, 1.0 at full scale: about -30 dBFS."""


def beeps(file: Path, hertz: int, seconds: float = 3.0) -> Path:
    """A recording of one tone, well above the noise of a line."""
    return tone(file, hertz, seconds, peak=8000)


def tone(file: Path, hertz: int, seconds: float, peak: int) -> Path:
    """A recording of one tone; `peak` is of 32767."""
    at = np.arange(round(RATE_HZ * seconds)) / RATE_HZ
    write(file, Audio((peak * np.sin(2 * np.pi * hertz * at)).astype("<i2").tobytes(), RATE_HZ))
    return file


def write(file: Path, audio: Audio) -> None:
    """A WAV file."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(audio.rate_hz)
        out.writeframes(audio.pcm)


def read(file: Path) -> Audio:
    """A WAV file, also one that is not closed yet."""
    raw = file.read_bytes()
    return Audio(raw[44 : len(raw) // 2 * 2], RATE_HZ)


async def heard(phone: Phone, hertz: int, within_s: float = 10.0) -> None:
    """Wait until a telephone receives a tone."""
    began = anyio.current_time()

    async def comes() -> bool:
        last_s = anyio.current_time() - began + 60
        return level(phone.received.between(0, last_s), hertz) > LOUD

    await until(comes, within_s, f"no tone of {hertz} Hz was heard")


def level(audio: Audio, hertz: int) -> float:
    """The power of a tone in the 50 ms where it is loudest, 1.0 at full scale (Goertzel's sum, by blocks)."""
    return float(_powers(audio, hertz).max(initial=0.0))


def sounding_s(audio: Audio, hertz: int) -> float:
    """For how many seconds a tone is there, in all."""
    return float(np.count_nonzero(_powers(audio, hertz) > LOUD)) * _BLOCK / audio.rate_hz


def keys(audio: Audio) -> str:
    """The keys whose two tones sound together, in order: a block counts when both are well above the rest."""
    blocks = _blocks(audio)
    time = np.arange(_BLOCK) / audio.rate_hz
    found: list[str] = []
    for block in blocks:
        sounding = ""
        for key, pair in FREQUENCIES_HZ.items():
            powers = [abs(block @ np.exp(-2j * np.pi * hertz * time) / _BLOCK * 2) ** 2 / 2 for hertz in pair]
            total = float(np.mean(block**2)) or 1.0
            if min(powers) > 1e-5 and sum(powers) > 0.7 * total:
                sounding = key
        if sounding and (not found or found[-1] != sounding):
            found.append(sounding)
        elif not sounding:
            found.append("")
    return "".join(found)


def longest_run(sounded: str, card: str) -> int:
    """How many digits of a card in a row can be heard."""
    runs = [
        length
        for start in range(len(card))
        for length in range(1, len(card) - start + 1)
        if card[start : start + length] in sounded
    ]
    return max(runs, default=0)


def _powers(audio: Audio, hertz: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    blocks = _blocks(audio)
    turn = np.exp(-2j * np.pi * hertz * np.arange(_BLOCK) / audio.rate_hz)
    return np.asarray(abs(blocks @ turn / _BLOCK * 2) ** 2)


def _blocks(audio: Audio) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    samples = np.frombuffer(audio.pcm, "<i2").astype(np.float64) / 32768
    whole = len(samples) // _BLOCK * _BLOCK
    return samples[:whole].reshape(-1, _BLOCK)
