"""Keeps what a caller keys in from everybody: the one place that says how far the caller's sound goes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import Enum
from typing import Any, Final, Protocol

import anyio
import structlog

from core.errors import CallGone, Refused, SwitchLost
from pbx.ari.leg import Leg
from pbx.ari.protocol import Parameter
from pbx.ari.room import Room
from pbx.ari.wall import Wall

_TRIES: Final = 3  # of 5 s each: a call whose Asterisk stays away has ended before

log = structlog.get_logger(__name__)


class Ear(Protocol):
    """Something of ours that listens to a call: a recording, or a supervisor."""

    async def deafen(self, *, deaf: bool) -> None:
        """Hear nothing from now on, or hear again; doing the same twice does nothing."""
        ...


class Ask(Protocol):
    """Ask something of the call's own channel."""

    async def __call__(self, method: str, what: str, **parameters: Parameter) -> Any: ...  # noqa: D102


class Reach(Enum):
    """How far the caller's sound goes."""

    OPEN = "to all"
    MUTED = "to nobody"
    WALLED = "to the other parties, without tones"


class Guard:
    """One call's. While a card is entered on it, or on a call that it is joined with, its ears are deaf.

    `room` is where the call is now: its own, or that of the call it was brought into.
    """

    def __init__(self, ask: Ask, leg: Leg, room: Room, make_wall: Callable[[], Wall]) -> None:
        self.room = room
        self._ask, self._leg, self._make_wall = ask, leg, make_wall
        self._ears: list[Ear] = []
        self._partners: list[Guard] = []
        self._entries = 0
        self._sent_away = False
        self._reach = Reach.OPEN
        self._wall_room = room
        self._turn = anyio.Lock()

    @property
    def deaf(self) -> bool:
        """Whether no ear of ours may hear this call."""
        return any(guard._entries for guard in (self, *self._partners))

    async def add(self, ear: Ear) -> None:
        """From now on it is deaf whenever the call is."""
        self._ears.append(ear)
        await ear.deafen(deaf=self.deaf)

    def remove(self, ear: Ear) -> None:
        """It listens no more."""
        self._ears = [one for one in self._ears if one is not ear]

    @asynccontextmanager
    async def entry(self) -> AsyncIterator[None]:
        """A card is being entered."""
        self._entries += 1
        try:
            await self._tell_ears(self, *self._partners)
            await self._arrange()
            yield
        finally:
            self._entries -= 1
            with anyio.CancelScope(shield=True):
                await self._come_back()

    @asynccontextmanager
    async def sent_away(self) -> AsyncIterator[None]:
        """While the channel goes elsewhere it is in no room and not muted, for that would go with it."""
        self._sent_away = True
        try:
            await self._arrange()
            yield
        finally:
            self._sent_away = False
            with anyio.CancelScope(shield=True):
                await self._come_back()

    @asynccontextmanager
    async def joined(self, other: "Guard") -> AsyncIterator[None]:
        """Have the other call in our room."""
        home, channel = other.room, other._leg.channel
        self._partners.append(other)
        other._partners.append(self)
        try:
            await self._tell_ears(self, other)
            await self.room.enter(channel, party=True)
            other.room = self.room
            await self._arrange()
            await other._arrange()
            yield
        finally:
            with anyio.CancelScope(shield=True):
                await self.room.leave(channel)
                other.room = home
                self._partners.remove(other)
                other._partners.remove(self)
                await self._come_back()
                await other._come_back()
                await other._go_home()

    async def _arrange(self) -> None:
        """Have Asterisk follow. Between any two states the caller is muted, so that nothing slips by."""
        async with self._turn:
            wanted = self._wanted()
            if wanted is self._reach and (wanted is not Reach.WALLED or self._wall_room is self.room):
                return
            await self._mute()
            if wanted is Reach.WALLED and not await self._walled():
                return
            if wanted is not Reach.MUTED:
                await self._ask("DELETE", "mute", direction="in")
                self._reach = wanted

    def _wanted(self) -> Reach:
        if self._sent_away or not self._entries:
            return Reach.OPEN
        return Reach.WALLED if self.room.company else Reach.MUTED

    async def _mute(self) -> None:
        was, self._reach = self._reach, Reach.MUTED
        try:
            if was is not Reach.MUTED:
                await self._ask("POST", "mute", direction="in")
        finally:
            if was is Reach.WALLED:
                await self._wall_room.wall_down(self._leg.channel, back=not self._sent_away)

    async def _walled(self) -> bool:
        """Whether a wall stands; without one the others do not hear the caller, which is safe."""
        self._wall_room = self.room
        try:
            await self.room.wall_up(self._leg.channel, self._make_wall())
        except (CallGone, Refused, SwitchLost) as why:
            log.error("the others do not hear the caller while a card is entered", why=str(why))
            return False
        return True

    async def _come_back(self) -> None:
        """Arrange things again on a way out, whatever stands in the way, and then let the ears hear."""
        for _ in range(_TRIES):
            try:
                await self._arrange()
                break
            except CallGone:
                break
            except (Refused, SwitchLost) as why:
                log.warning("a call could not be opened again yet", channel=self._leg.channel, why=str(why))
        try:
            await self._tell_ears(self, *self._partners)
        except (CallGone, Refused, SwitchLost) as why:
            log.error("a recording or listener stays deaf", channel=self._leg.channel, why=str(why))

    async def _go_home(self) -> None:
        try:
            if self._leg.how is None:
                await self.room.regain()
        except (CallGone, Refused, SwitchLost) as why:
            log.info("a call did not find back to its own room", channel=self._leg.channel, why=str(why))

    async def _tell_ears(self, *guards: "Guard") -> None:
        for guard in guards:
            for ear in guard._ears:
                await ear.deafen(deaf=guard.deaf)
