"""A second opinion: what the first recognizer is unsure of, or loses, another one hears again."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import anyio
import structlog

from asr.recognizer import Final as Heard
from asr.recognizer import Hearing, Hint, Partial, Recognizer
from asr.resample import Halved, doubled
from asr.strain import Step, Strain
from core.audio import SAMPLE_BYTES, Audio
from core.errors import HearingLost
from core.pool import Pool, Urgency

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_LONGEST_S: Final = 30.0
_SHORTEST_S: Final = 1.0  # of sound in which no word was found: less was a click
_SURE: Final = 0.5  # of a confidence, where an engine has one
_LATE_S: Final = 1.0  # a first opinion that takes longer is not waited for alone
_RECOVER_S: Final = 2.5  # until a recognizer that was lost is there again
_LOOK_S: Final = 0.05


class Seconded:
    """Two recognizers as one, at the rate of the `first`; without a `second` what is lost is heard anew.

    A second opinion delays a turn by `budget_s` at most; it is not asked for under strain, nor while all
    places of the `pool` are taken.
    """

    def __init__(
        self,
        first: Recognizer,
        second: Recognizer | None,
        *,
        strain: Strain,
        pool: Pool,
        budget_s: float = 0.8,
    ) -> None:
        self.first, self.second = first, second
        self.rate_hz = first.rate_hz
        self.budget_s = budget_s
        self._strain, self._pool = strain, pool

    @property
    def name(self) -> str:
        """The first one's."""
        return self.first.name

    @property
    def has_room(self) -> bool:
        """As the first has: the second could not hear everybody."""
        return self.first.has_room

    def hears(self, language: str) -> bool:
        """What the first hears."""
        return self.first.hears(language)

    @asynccontextmanager
    async def hear(self, hint: Hint) -> AsyncIterator["SecondedHearing"]:
        """Begin to listen. A first one that is not up at this moment may be at the end."""
        async with AsyncExitStack() as opened:
            try:
                hearing = await opened.enter_async_context(self.first.hear(hint))
            except HearingLost as why:
                log.warning("the caller speaks, and is to be heard a little later", why=str(why))
                hearing = None
            yield SecondedHearing(self, hint, hearing)

    @property
    def may_ask(self) -> bool:
        """Whether there is somebody else to ask, and strength for it."""
        return self._strain.step < Step.NO_SECOND_OPINIONS and self._pool.free and self._other is not None

    async def again(self, sound: Audio, hint: Hint, within_s: float) -> Heard | None:
        """What the second one hears; None without one, or when it takes too long or fails."""
        other = self._other
        if other is None or not self._pool.free:
            return None
        with anyio.move_on_after(within_s):
            async with self._pool.place(Urgency.SECOND):
                return await _heard(other, sound, hint)
        return None

    async def anew(self, sound: Audio, hint: Hint) -> Heard | None:
        """What the first one hears once it is up again; None when that takes too long."""
        with anyio.move_on_after(_RECOVER_S):
            while not self.first.has_room:  # noqa: ASYNC110 - an engine tells nobody that it is up
                await anyio.sleep(_LOOK_S)
            return await _heard(self.first, sound, hint)
        return None

    @property
    def _other(self) -> Recognizer | None:
        return self.second if self.second is not None and self.second.has_room else None


class SecondedHearing:
    """The first one's hearing, and all of the sound."""

    def __init__(self, both: Seconded, hint: Hint, first: Hearing | None) -> None:
        self._both, self._hint, self._first = both, hint, first
        self._sound = bytearray()

    def feed(self, audio: Audio) -> None:
        """More sound."""
        room = round(_LONGEST_S * audio.rate_hz) * SAMPLE_BYTES - len(self._sound)
        self._sound += audio.pcm[:room]
        if self._first is not None:
            self._first.feed(audio)

    @property
    def partial(self) -> Partial:
        """The first one's."""
        return Partial("") if self._first is None else self._first.partial

    async def finish(self) -> Heard:
        """What was said, by whom it was understood; raises HearingLost when nobody could hear it."""
        heard = await self._of_first()
        if heard is None:
            return await self._recovered()
        if self._is_sure(heard) or not self._both.may_ask:
            return heard
        second = await self._both.again(self._all, self._hint, self._both.budget_s)
        return heard if second is None else self._merged(heard, second)

    async def _of_first(self) -> Heard | None:
        """None when it was lost, or is so late that another one is to be asked."""
        if self._first is None:
            return None
        try:
            with anyio.move_on_after(_LATE_S if self._both.may_ask else None):
                return await self._first.finish()
        except HearingLost as why:
            log.warning("what the caller said is heard anew", why=str(why))
        return None

    async def _recovered(self) -> Heard:
        heard = await self._both.again(self._all, self._hint, _RECOVER_S)
        heard = heard or await self._both.anew(self._all, self._hint)
        if heard is None:
            raise HearingLost(f"neither {self._both.name} nor another recognizer heard it")
        return heard

    def _is_sure(self, heard: Heard) -> bool:
        if not heard.text:
            return self._all.seconds < _SHORTEST_S
        confident = heard.confidence is None or heard.confidence >= _SURE
        return confident and self._understood(heard) is not None

    def _understood(self, heard: Heard) -> str | None:
        texts = heard.alternatives or (heard.text,)
        return next((text for text in texts if self._hint.understood(text)), None)

    def _merged(self, first: Heard, second: Heard) -> Heard:
        """What the question understands comes first; the first one's word counts where both make sense."""
        sensible, other = (first, second) if self._understood(first) is not None else (second, first)
        if self._understood(sensible) is None:
            sensible, other = first, second
        texts = dict.fromkeys((*sensible.alternatives, *other.alternatives))
        return Heard(sensible.text, tuple(texts), sensible.words, sensible.confidence)

    @property
    def _all(self) -> Audio:
        return Audio(bytes(self._sound), self._both.rate_hz)


async def _heard(recognizer: Recognizer, sound: Audio, hint: Hint) -> Heard | None:
    try:
        async with recognizer.hear(hint) as hearing:
            hearing.feed(_at(sound, recognizer.rate_hz))
            return await hearing.finish()
    except HearingLost as why:
        log.warning("another recognizer did not hear it either", engine=recognizer.name, why=str(why))
    return None


def _at(sound: Audio, rate_hz: int) -> Audio:
    if sound.rate_hz == rate_hz:
        return sound
    return doubled(sound) if sound.rate_hz < rate_hz else Halved().frame(sound)
