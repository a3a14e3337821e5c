"""A caller's sentences that nobody recorded, spoken by the robot of the test pack."""

import anyio
import pytest

from tests.testpack import pack
from tts.engines.piper.voice import PiperVoice
from tts.signal import levelled, resampled, samples, ulaw
from tts.voice import Speech

_RATE_HZ = 8000
_LOUDNESS_DB = -20.0


async def spoken_by_a_robot(text: str) -> bytes:
    """The sentence in English, u-law at 8 kHz, as loud as a caller."""
    pytest.importorskip("piper", reason="the extra `piper` is not installed")
    robot = PiperVoice({"en": pack("piper-robot/en_US-robot-test.onnx")}, threads=1)
    coded = b""
    async with anyio.create_task_group() as tasks:
        await tasks.start(robot.run)
        async for audio in robot.speak(Speech(text, "en")):
            loud = levelled(samples(audio), audio.rate_hz, _LOUDNESS_DB)
            coded += ulaw(resampled(loud, audio.rate_hz, _RATE_HZ))
        tasks.cancel_scope.cancel()
    return coded
