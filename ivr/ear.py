"""The line's ear: what one caller says, turn by turn, while a question is open."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import anyio
import structlog

from asr.echo import RATE_HZ as ECHO_RATE_HZ
from asr.echo import Echo
from asr.endpoint import Endpoint, Manner
from asr.loudness import Loudness
from asr.recognizer import Final as Words
from asr.recognizer import Hearing, Hint, Recognizer
from asr.resample import Halved
from asr.vad import FRAME_S, VoiceActivity
from core.audio import FRAME_MS, SAMPLE_BYTES, Audio, hush
from core.errors import CallGone, HearingLost, SwitchLost
from pbx.call import Call
from pbx.media.g711 import ulaw_to_pcm

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_PRE_ROLL_S: Final = 0.4  # a detector is late, and the first sound of a word is not to be lost
_NOISE_S: Final = 0.3
_OPENS_S: Final = 8.0  # longer than a switch may take for it
_HUSH_AFTER_S: Final = 0.1
_HUSH_S: Final = 0.25


Recalls = Callable[[Path], Awaitable[Audio | None]]
"""Gives a sound that is played, by its path without ending, at 8 kHz; None when that is not known."""


async def recalled(sound: Path) -> Audio | None:
    """What lies there as u-law at 8 kHz."""
    try:
        return Audio(ulaw_to_pcm(await anyio.Path(f"{sound}.ulaw").read_bytes()), ECHO_RATE_HZ)
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class Ears:
    """What all calls hear with."""

    recognizer: Recognizer
    activity: VoiceActivity
    manner: Manner = field(default_factory=Manner)
    recalls: Recalls = field(default=recalled)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a caller said in one go: `waited_s` of silence ended it, and the engine took `thought_s` more.

    `loud_db` is how loud its voice was, below full scale.
    """

    words: Words
    waited_s: float
    thought_s: float
    loud_db: float = -99.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is listened for: a hint for the recognizer, and how much silence ends what was said so far."""

    hint: Hint
    patience_s: Callable[[str], float]


class Ear:
    """One call's. `run` listens until the call ends.

    Without a question open (`listening`) sound is dropped: nothing is recognized that nobody asked for.
    """

    def __init__(self, call: Call, ears: Ears) -> None:
        self._call, self._ears = call, ears
        self._voice = ears.activity.begin()
        self._halved = Halved()
        self._echo = Echo()
        self._waiting = bytearray()
        self._recent: deque[Audio] = deque(maxlen=round(_PRE_ROLL_S * 1000 / FRAME_MS))
        self._wanted: Wanted | None = None
        self._endpoint = Endpoint(ears.manner)
        self._hushed = False
        self._open: tuple[AbstractAsyncContextManager[Hearing], Hearing] | None = None
        self._turns: deque[Turn] = deque()
        self._loudness = Loudness()
        self._asked, self._opened = anyio.Event(), anyio.Event()
        self._came, self._thinks = anyio.Event(), anyio.Event()
        self._thinking = self._cried = False
        self._interrupts: anyio.CancelScope | None = None
        self._interrupted = False

    async def run(self) -> None:
        """Take the call's sound as it comes, from the first question on."""
        await self._asked.wait()
        try:
            async with self._call.media() as media:
                self._opened.set()
                while True:
                    await self._take(await media.receive())
        except CallGone:
            return
        except SwitchLost as why:
            log.warning("the caller is not heard any more; keys still are", why=str(why))
        finally:
            self._opened.set()
            with anyio.CancelScope(shield=True):
                await self._close()

    async def opened(self) -> None:
        """Wait, after the first question was opened, until the call's sound is there, or will never be.

        A switch lets nobody in beside a caller to whom it plays a file: it would wait for the end of it, and
        with it whatever else is asked of the switch.
        """
        with anyio.move_on_after(_OPENS_S):
            await self._opened.wait()

    @property
    def talking(self) -> bool:
        """Whether the caller is saying something."""
        return self._endpoint.spoke

    @property
    def heard_ahead(self) -> bool:
        """Whether a turn waits to be taken."""
        return bool(self._turns)

    @property
    def cried_wolf(self) -> bool:
        """Whether a voice interrupted the line and nothing came of it: a cough, or somebody else's."""
        return self._cried and not self._turns and not self.talking

    @property
    def thinking(self) -> bool:
        """Whether what was said is still being understood."""
        return self._thinking

    def hears(self, language: str) -> bool:
        """Whether what is said in it is understood."""
        return self._ears.recognizer.hears(language)

    @contextmanager
    def listening(self, wanted: Wanted) -> Iterator[None]:
        """Listen for the answer to a question; what was said before it does not count."""
        self._turns.clear()
        self._cried = False
        self._wanted = wanted
        self._asked.set()
        try:
            yield
        finally:
            self._wanted = None

    async def knows(self, sounds: Sequence[Path], began_s: float) -> None:
        """These sounds are played from that moment on: what comes back of them is no voice."""
        found = [await self._ears.recalls(sound) for sound in sounds]
        known = b"".join(one.pcm for one in found if one is not None)
        if None not in found:
            self._echo.plays(Audio(known, ECHO_RATE_HZ), began_s)

    @contextmanager
    def interrupting(self, scope: anyio.CancelScope) -> Iterator[None]:
        """While it lasts, a voice cancels the scope."""
        self._interrupts = scope
        try:
            yield
        finally:
            self._interrupts = None

    async def came(self) -> None:
        """Wait until a turn waits to be taken, or the line was interrupted for nothing."""
        while not self._turns and not self.cried_wolf:
            await self._came.wait()

    async def thinks(self) -> None:
        """Wait until something was said whole, and is to be understood."""
        await self._thinks.wait()

    def turn(self) -> Turn:
        """The turn that was said first."""
        return self._turns.popleft()

    async def _take(self, frame: Audio) -> None:
        if self._wanted is None:
            await self._close()
            self._recent.clear()
            return
        halved = self._halved.frame(frame)
        sound = {frame.rate_hz: frame, halved.rate_hz: halved}
        self._feed(sound[self._ears.recognizer.rate_hz])
        if (narrow := sound.get(ECHO_RATE_HZ)) is not None:
            self._echo.hear(narrow)
        for piece in self._pieces_of(sound[self._ears.activity.rate_hz]):
            await self._judge(piece, self._wanted)

    def _feed(self, frame: Audio) -> None:
        if self._open is None or self._hushed:
            self._recent.append(frame)
        else:
            self._open[1].feed(frame)

    def _pieces_of(self, frame: Audio) -> Iterator[Audio]:
        """The detector's frames of 32 ms out of the telephone's of 20."""
        self._waiting += frame.pcm
        size = round(FRAME_S * frame.rate_hz) * SAMPLE_BYTES
        while len(self._waiting) >= size:
            yield Audio(bytes(self._waiting[:size]), frame.rate_hz)
            del self._waiting[:size]

    async def _judge(self, piece: Audio, wanted: Wanted) -> None:
        endpoint = self._endpoint
        endpoint.hear(self._likely(piece))
        self._loudness.hear(piece, voiced=not endpoint.silent_s)
        if endpoint.interrupts and self._interrupts is not None:
            self._interrupts.cancel()
            self._interrupted = True
        if endpoint.spoken_s and self._open is None:
            await self._begin(wanted.hint)
        elif self._open is not None:
            await self._go_on(self._open[1], wanted)

    def _likely(self, piece: Audio) -> float:
        """How likely somebody else than we is speaking."""
        likely = self._voice.voice(piece)
        voiced = likely >= self._ears.manner.goes_on_at
        return 0.0 if voiced and self._echo.is_ours(anyio.current_time()) else likely

    async def _go_on(self, hearing: Hearing, wanted: Wanted) -> None:
        self._hush(hearing)
        patience_s = wanted.patience_s(hearing.partial.text)
        if self._endpoint.over(patience_s):
            await self._end(hearing)
        elif not self._endpoint.spoke and self._endpoint.silent_s > _NOISE_S:
            await self._close()

    def _hush(self, hearing: Hearing) -> None:
        """A recognizer tells the last word only after some silence: it gets it at once, and none of the rest.

        Silence is dear to recognizers: whatever might have been said in it is looked for.
        """
        hushed, self._hushed = self._hushed, self._endpoint.silent_s >= _HUSH_AFTER_S
        if self._hushed and not hushed:
            hearing.feed(hush(_HUSH_S, self._ears.recognizer.rate_hz))
        elif hushed and not self._hushed:
            self._feed_recent(hearing)

    async def _begin(self, hint: Hint) -> None:
        opened = self._ears.recognizer.hear(hint)
        try:
            hearing = await opened.__aenter__()
        except HearingLost as why:
            log.warning("the caller speaks and is not heard", why=str(why))
            return
        self._open = (opened, hearing)
        self._feed_recent(hearing)

    def _feed_recent(self, hearing: Hearing) -> None:
        for frame in self._recent:
            hearing.feed(frame)
        self._recent.clear()

    async def _end(self, hearing: Hearing) -> None:
        waited_s, began_s = self._endpoint.silent_s, anyio.current_time()
        with self._understanding():
            try:
                words = await hearing.finish()
            except HearingLost as why:
                log.warning("what the caller said is lost", why=str(why))
                words = None
        loud_db, interrupted = self._loudness.db, self._interrupted
        await self._close()
        if words is not None and not words.text:
            self._cried = interrupted  # a noise that was no word
        else:
            words = words or Words("")
            self._turns.append(Turn(words, waited_s, anyio.current_time() - began_s, loud_db))
        self._came.set()
        self._came = anyio.Event()

    @contextmanager
    def _understanding(self) -> Iterator[None]:
        self._thinking = True
        self._thinks.set()
        try:
            yield
        finally:
            self._thinking, self._thinks = False, anyio.Event()

    async def _close(self) -> None:
        self._endpoint = Endpoint(self._ears.manner)
        self._hushed = False
        self._loudness = Loudness()
        self._interrupted = False
        if self._open is not None:
            opened, self._open = self._open[0], None
            await opened.__aexit__(None, None, None)
