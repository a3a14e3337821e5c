"""One channel of Asterisk, from before it exists until it is gone."""

from collections.abc import Iterator
from contextlib import contextmanager

import anyio

from core.errors import CallGone
from pbx.ari.retold import Retold
from pbx.ari.twofold import Twofold
from pbx.call import HungUp, TransferAsked
from pbx.cause import Cause
from pbx.keys import Keys


class Leg:
    """It is made, and known to the router, before Asterisk is asked for the channel: no event is lost.

    `arrived` is set when the channel enters our application; `away` tells of a transfer, `playing` of the
    sounds that Asterisk plays to it now.
    """

    def __init__(self, channel: str, keys: Keys | None = None) -> None:
        self.channel = channel
        self.keys = keys
        self.retold = Retold()
        self.twofold = Twofold()
        self.asked_for_one = False
        self.pressed = anyio.Event()
        self.playing: set[str] = set()
        self.arrived = anyio.Event()
        self.asked = anyio.Event()
        self.asks: tuple[TransferAsked, str] | None = None
        self.away: Away | None = None
        self.how: HungUp | None = None
        self._over = anyio.Event()
        self._waiting: list[anyio.Event] = []
        self._ending: Cause | None = None
        self._by_caller = False

    @contextmanager
    def begins_to_play(self, playback: str) -> Iterator[None]:
        """While Asterisk is asked; it plays from then on, until the router hears of its end."""
        self.playing.add(playback)
        try:
            yield
        except BaseException:
            self.playing.discard(playback)
            raise

    def ask_transfer(self, asks: TransferAsked, consultation: str) -> None:
        """The far end wants to be replaced; `consultation` is its other channel, or empty."""
        self.asks = asks, consultation
        self.asked.set()

    def end_asked(self, cause: Cause) -> None:
        """We are about to hang up for that cause."""
        if self._ending is None:
            self._ending = cause

    def hang_up_seen(self, cause: int, *, soft: bool) -> None:
        """Asterisk says that the channel is being hung up; `soft` when not from the far end."""
        if self._ending is None:
            self._by_caller = not soft
            self._ending = Cause.NORMAL if soft else Cause.of(cause)

    def end(self, cause: Cause = Cause.NORMAL) -> None:
        """It is gone. Whoever waits on this leg raises CallGone; the first cause told is kept."""
        if self.how is not None:
            return
        self.how = HungUp(self._ending if self._ending is not None else cause, self._by_caller)
        if self.keys is not None:
            self.keys.close()
        self._over.set()
        for event in self._waiting:
            event.set()

    @property
    def ending(self) -> bool:
        """Whether it has ended, or is about to."""
        return self._ending is not None or self.how is not None

    def refuse_when_over(self) -> None:
        """Raise CallGone once it has ended."""
        if self.how is not None:
            raise CallGone(f"the call on channel {self.channel} has ended ({self.how.cause.name})")

    async def wait(self, event: anyio.Event) -> None:
        """Wait for an event that is set once; raises CallGone when the leg ends before."""
        self.refuse_when_over()
        self._waiting.append(event)
        try:
            await event.wait()
        finally:
            self._waiting.remove(event)
        self.refuse_when_over()

    async def ended(self) -> HungUp:
        """Wait until it is gone."""
        await self._over.wait()
        assert self.how is not None  # noqa: S101 - the event is set after it
        return self.how


class Away:
    """A leg that we sent into the dialplan: `settled` when it reached somebody, or came back with a cause."""

    def __init__(self) -> None:
        self.settled = anyio.Event()
        self.returned_with: Cause | None = None

    def came_back(self, cause: Cause) -> None:
        """The dialplan gave the channel back to us."""
        self.returned_with = cause
        self.settled.set()
