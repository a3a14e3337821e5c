"""The caller's telephone: what a scripted caller may do, and what they hear."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio

from core.audio import FRAME_MS, Audio, frame_bytes
from core.errors import CallGone, TellerlineError
from pbx.call import HungUp, TransferAsked
from pbx.cause import Cause
from pbx.fake.call import FakeCall
from pbx.fake.playback import FakePlayback

Sought = str | Callable[[Path], bool]


class Unheard(TellerlineError):
    """The caller waited for words that the line never said."""


class Phone:
    """In the hands of a script: a coroutine that is given the phone when the call is placed.

    A script that returns leaves the caller on the line, silent; one that meets the end of the call is over.
    Waiting for a sound finds each sound once, in order: `hears("due")` twice waits for two of them.
    """

    def __init__(self, call: FakeCall) -> None:
        self.call = call
        self._next = 0

    async def press(self, keys: str, *, gap_s: float = 0.25, held_ms: int = 120) -> None:
        """Press keys one after another; the first at once."""
        for place, key in enumerate(keys):
            if place:
                await anyio.sleep(gap_s)
            self._refuse_when_over()
            self.call.press(ord(key), held_ms)
        await anyio.lowlevel.checkpoint()

    async def hears(self, sought: Sought = "", *, timeout_s: float = 120) -> Path:
        """Wait until a sound begins whose path holds that text (or satisfies that test)."""
        _, sound = await self._find(sought, timeout_s)
        return sound

    async def hears_out(self, sought: Sought = "", *, timeout_s: float = 120) -> bool:
        """Wait until such a sound has been played; whether it was heard whole."""
        playback, _ = await self._find(sought, timeout_s)
        with anyio.fail_after(timeout_s):
            return await playback.finished()

    async def picked_up(self, *, timeout_s: float = 60) -> None:
        """Wait until the line answers."""
        with anyio.fail_after(timeout_s):
            await self.call.picked_up.wait()

    async def speak(self, audio: Audio) -> None:
        """Say something, in the time that it takes."""
        size = frame_bytes(audio.rate_hz)
        for at in range(0, len(audio.pcm), size):
            await anyio.sleep(FRAME_MS / 1000)
            self._refuse_when_over()
            self.call.say(Audio(audio.pcm[at : at + size], audio.rate_hz))

    def ask_transfer(self, to: str) -> None:
        """Press the transfer key, and dial somebody."""
        self.call.asks = TransferAsked(to)
        self.call.asked.set()

    def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        """Put the receiver down."""
        self.call.end(HungUp(cause, by_caller=True))

    async def ended(self) -> HungUp:
        """Wait until the call is over."""
        return await self.call.ended()

    async def _find(self, sought: Sought, timeout_s: float) -> tuple[FakePlayback, Path]:
        with anyio.move_on_after(timeout_s):
            while True:
                self._refuse_when_over()
                if found := await self._look(sought):
                    return found
                await self.call.sounds.change()
        raise Unheard(f"the caller waited {timeout_s} s for {sought!r} and did not hear it")

    async def _look(self, sought: Sought) -> tuple[FakePlayback, Path] | None:
        heard = [(one, sound) for one in self.call.sounds.all for sound in one.sounds]
        for place in range(self._next, len(heard)):
            playback, sound = heard[place]
            if _matches(sought, sound) and await self._begins(playback, sound):
                self._next = place + 1
                return playback, sound
        return None

    async def _begins(self, playback: FakePlayback, sound: Path) -> bool:
        offset_s = self.call.sounds.offset_s(playback, sound)
        while anyio.current_time() < (begins_at := playback.starts_at + offset_s):
            if playback.stopped:
                return False
            await self.call.sounds.change(before=begins_at)
            self._refuse_when_over()
        return not playback.stopped or playback.ends_at > begins_at

    def _refuse_when_over(self) -> None:
        if self.call.hung_up is not None:
            raise CallGone("the call is over")


Script = Callable[[Phone], Awaitable[None]]


async def silent(_phone: Phone) -> None:
    """A caller who does nothing at all."""


def _matches(sought: Sought, sound: Path) -> bool:
    return sought in str(sound) if isinstance(sought, str) else sought(sound)
