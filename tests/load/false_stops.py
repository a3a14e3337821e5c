"""Ten minutes of noise into the ear of a line that speaks, how often it falls silent: `bargein.false_*`."""

from pathlib import Path
from typing import Final

import anyio
import numpy as np
from rich.console import Console

from asr.endpoint import Endpoint, Manner
from asr.fake_vad import LoudIsVoice
from asr.vad import Ear, VoiceActivity
from core.audio import Audio
from node.hearing import voice_activity
from node.settings import HearingSettings
from pbx.media.g711 import ulaw_to_pcm
from tests.load.figure import Figure
from tests.load.trial import Tell
from tests.testpack import found

_RATE_HZ: Final = 8000
_GAINS_DB: Final = (-20, -15, -10, -6, -3, 0, 3, 6, 9, 12)  # a minute each
_PIECE_S: Final = 0.032


async def false_stops(_folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """The minute of the test pack at ten levels; nothing where the pack is absent."""
    pack = found(".")
    if pack is None:
        console.print("  bargein: the test pack is absent (TELLERLINE_TESTPACK), so no noise is heard")
        return []
    noise = _sound((pack / "noise" / "kitchen_60s.ulaw").read_bytes())
    detector = voice_activity(HearingSettings(models=pack))
    stops, loud_stops = 0, 0
    for place, gain_db in enumerate(_GAINS_DB):
        tell("ten minutes of noise", place / len(_GAINS_DB))
        at_level = np.clip(noise * 10 ** (gain_db / 20), -32768, 32767)
        by_voice = await anyio.to_thread.run_sync(_stops, detector, at_level)
        loud = await anyio.to_thread.run_sync(_stops, LoudIsVoice(), at_level)
        stops, loud_stops = stops + by_voice, loud_stops + loud
        told = f"noise at {gain_db:+d} dB: {by_voice} false stops, {loud} by loudness alone"
        console.print(f"  bargein: {told}", highlight=False)
    return [Figure("bargein.false_stops_10min", stops, "", loud_stops, "stops by loudness alone", 0)]


def _stops(detector: VoiceActivity, noise: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> int:
    """After each stop the line is taken to speak again at once."""
    ear: Ear = detector.begin()
    endpoint, stops = Endpoint(Manner()), 0
    for piece in _pieces(noise, detector.rate_hz):
        endpoint.hear(ear.voice(piece))
        if endpoint.interrupts:
            endpoint, stops = Endpoint(Manner()), stops + 1
    return stops


def _pieces(noise: "np.ndarray[tuple[int], np.dtype[np.float64]]", rate_hz: int) -> list[Audio]:
    wide = np.repeat(noise, rate_hz // _RATE_HZ)
    size = round(_PIECE_S * rate_hz)
    whole = wide[: len(wide) // size * size].astype("<i2").reshape(-1, size)
    return [Audio(piece.tobytes(), rate_hz) for piece in whole]


def _sound(coded: bytes) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.frombuffer(ulaw_to_pcm(coded), "<i2").astype(np.float64)
