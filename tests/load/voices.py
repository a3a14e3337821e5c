"""How soon each voice speaks a sentence that was never said before: `voice.first_sentence_ms`."""

import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import anyio
from rich.console import Console

from core.money import Money
from node.parts.espeak import espeak_argv
from node.parts.folder import local_folder
from node.parts.program import Part, find
from tests.load.figure import Figure
from tests.load.trial import Tell
from tests.testpack import found
from tts.cache import SoundCache
from tts.engines.espeak import Espeak
from tts.engines.piper.voice import PiperVoice
from tts.normalize import words_of
from tts.voice import Speech, Voice

_SENTENCES: Final = 20
_AIM_MS: Final = 420.0  # a medium voice of Piper takes so long for a first sentence


async def voices(folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """The median of amounts, by Piper in the test pack's voice; espeak-ng beside it."""
    voice = found("piper-robot/en_US-robot-test.onnx")
    if voice is None or find_spec("piper") is None:
        console.print("  voice: Piper or its voice is absent (TELLERLINE_TESTPACK, tellerline[piper])")
        return []
    tell("voices speak", 0.0)
    espeak = await _first_ms(Espeak(espeak_argv(find(Part.ESPEAK_NG, local_folder())), {}), folder / "espeak")
    async with _piper(voice) as piper:
        tell("voices speak", 0.5)
        by_piper = await _first_ms(piper, folder / "piper")
    for name, times in (("espeak-ng", espeak), ("piper", by_piper)):
        told = f"median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms"
        console.print(f"  voice: {name}: {len(times)} new sentences, {told}", highlight=False)
    of, value = "espeak-ng", round(statistics.median(by_piper))
    return [
        Figure("voice.first_sentence_ms", value, "ms", round(statistics.median(espeak)), of, None, _AIM_MS)
    ]


@asynccontextmanager
async def _piper(model: Path) -> AsyncIterator[PiperVoice]:
    voice = PiperVoice({"en": model})
    async with anyio.create_task_group() as tasks:
        await tasks.start(voice.run)
        yield voice
        tasks.cancel_scope.cancel()


async def _first_ms(voice: Voice, folder: Path) -> list[float]:
    cache, times = SoundCache([voice], folder), list[float]()
    for number in range(_SENTENCES):
        amount = words_of("en").money(Money(12_550 + 1_017 * number, "USD"))
        began = anyio.current_time()
        await cache.sound(Speech(f"You are paying: {amount}.", "en"))
        times.append(1000 * (anyio.current_time() - began))
    return times
