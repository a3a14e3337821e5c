"""What our own work on each 20 ms of a call's sound costs, engines left out: `pipeline.ms_per_frame`."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import Final, cast

import anyio
import numpy as np
from rich.console import Console

from asr.recognizer import Final as Heard
from asr.recognizer import Hint, Partial
from core.audio import Audio
from core.errors import CallGone
from ivr.ear import Ear, Ears, Wanted
from pbx.call import Call, Media
from pbx.media.incoming import Incoming
from pbx.media.websocket import MediaProtocol
from tests.load.figure import Figure
from tests.load.trial import Tell

_RATE_HZ: Final = 16_000
_FRAMES: Final = 30_000  # ten minutes
_TURN: Final = 200  # frames: two seconds of voice, two of silence


class _Quick:
    """A recognizer and its hearing that do nothing."""

    name, rate_hz, has_room, partial = "none", 8000, True, Partial("")

    def hears(self, _language: str) -> bool:
        return True

    @asynccontextmanager
    async def hear(self, _hint: Hint) -> AsyncIterator["_Quick"]:
        yield self

    def feed(self, _audio: Audio) -> None:
        """Nothing."""

    async def finish(self) -> Heard:
        return Heard("yes", ("yes",))


class _Loud:
    """A detector that looks at one sample."""

    rate_hz = 8000

    def begin(self) -> "_Loud":
        return self

    def voice(self, frame: Audio) -> float:
        return float(frame.pcm[1] != 0)


class _Wire:
    """The sound of a call as it comes from Asterisk, as fast as it is taken."""

    rate_hz = _RATE_HZ

    def __init__(self, messages: list[bytes]) -> None:
        self._messages = iter(messages)
        self._protocol = MediaProtocol(_RATE_HZ)
        self._frames = Incoming(_RATE_HZ, 250)

    @asynccontextmanager
    async def media(self) -> AsyncIterator[Media]:
        yield cast("Media", self)

    async def receive(self) -> Audio:
        message = next(self._messages, None)
        if message is None:
            raise CallGone("the sound is over")
        heard = self._protocol.hear(message)
        assert isinstance(heard, Audio)
        self._frames.append(heard)
        return await self._frames.popleft()


async def pipeline(_folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Ten minutes of a call, half of it speech, through codec, queue, resampling, pieces and turn-taking."""
    tell("ten minutes of sound", 0.0)
    messages = _messages()
    ear = Ear(cast("Call", _Wire(messages)), Ears(_Quick(), _Loud()))
    with ear.listening(Wanted(Hint(), lambda _text: 0.25)):
        ours_ms = await _ms_a_frame(ear.run)
        turns = 0
        while ear.heard_ahead:
            turns += ear.turn() is not None
    queue_ms = await _ms_a_frame(lambda: _queue(messages))
    console.print(f"  pipeline: {turns} turns in {_FRAMES} frames", highlight=False)
    return [
        Figure("pipeline.ms_per_frame", round(ours_ms, 4), "ms", round(queue_ms, 4), "a bare queue", 0.05),
    ]


async def _ms_a_frame(work: Callable[[], Awaitable[None]]) -> float:
    began = time.thread_time()
    await work()
    return 1000 * (time.thread_time() - began) / _FRAMES


def _messages() -> list[bytes]:
    tone = (8000 * np.sin(2 * np.pi * 300 * np.arange(320) / _RATE_HZ + 0.5)).astype("<i2").tobytes()
    two = cycle([tone] * (_TURN // 2) + [bytes(640)] * (_TURN // 2))
    return [next(two) for _ in range(_FRAMES)]


async def _queue(messages: list[bytes]) -> None:
    put, take = anyio.create_memory_object_stream[bytes](16)

    async def write() -> None:
        async with put:
            for message in messages:
                await put.send(message)

    async with anyio.create_task_group() as tasks, take:
        tasks.start_soon(write)
        async for _ in take:
            pass
