"""The bridge in which a caller meets others: an agent, or our own ears and voice."""

from typing import Final

import anyio

from core.errors import CallGone, SwitchLost
from core.ids import CallId
from pbx.ari.leg import Leg
from pbx.ari.rest import Rejected, Rest
from pbx.ari.wall import Wall

TYPE: Final = "mixing,dtmf_events"  # anything else hands keys to the other party (native RTP)


class Room:
    """A bridge that exists only while guests are in it; alone, the caller needs none.

    Everybody's keys are absorbed: they raise events, and are never heard by the others. Who stands behind a
    wall is in the wall's own bridge, and meets the others through it only.
    """

    def __init__(self, rest: Rest, host: Leg, call: CallId, app: str) -> None:
        self._rest, self._host = rest, host
        self._bridge = f"{app}-{call}"
        self._guests: set[str] = set()
        self._parties: set[str] = set()
        self._walls: dict[str, Wall] = {}
        self._host_outside = False
        self._door = anyio.Lock()

    @property
    def guests(self) -> int:
        """How many are in it besides the caller."""
        return len(self._guests)

    @property
    def company(self) -> bool:
        """Whether two parties are here, who can talk."""
        return bool(self._parties)

    async def enter(self, guest: str, *, party: bool = False) -> None:
        """Let that channel in, a person's or one of ours; the caller is brought in with the first."""
        async with self._door:
            if not self._guests:
                await self._make(self._bridge)
                if not self._host_outside:
                    await self._add(self._host.channel)
            self._guests.add(guest)
            if party:
                self._parties.add(guest)
            await self._add(guest)

    async def leave(self, guest: str) -> None:
        """Let that channel out; with the last one the bridge goes, and the caller is alone again."""
        async with self._door:
            self._guests.discard(guest)
            self._parties.discard(guest)
            with anyio.CancelScope(shield=True):
                await (self._remove(guest) if self._guests else self._ask_softly("DELETE", self._bridge))

    async def step_out(self) -> None:
        """The caller leaves for a while (on hold); the guests stay."""
        async with self._door:
            self._host_outside = True
            if self._guests:
                await self._remove(self._host.channel)

    async def step_in(self) -> None:
        """The caller comes back."""
        async with self._door:
            self._host_outside = False
            if self._guests:
                await self._add(self._host.channel)

    async def readmit(self, guest: str) -> None:
        """Take a channel out and let it in again, which has mended streams that came up silent."""
        async with self._door:
            await self._remove(guest)
            await self._add(guest)

    async def regain(self) -> None:
        """The caller comes back from another call's room, if guests wait in this one."""
        async with self._door:
            if self._guests and not self._host_outside:
                await self._add(self._host.channel)

    async def wall_up(self, channel: str, wall: Wall) -> None:
        """Put the wall between that channel and all others here; the channel is moved when it stands."""
        async with self._door:
            try:
                await wall.open()
                await self._make(wall.bridge)
                await self._let_in(wall.bridge, wall.booth.leg.channel)
                self._walls[channel] = wall
                await self._add(channel)
            except BaseException:
                with anyio.CancelScope(shield=True):
                    await self._take_down(channel, wall, back=True)
                raise

    async def wall_down(self, channel: str, *, back: bool) -> None:
        """Take its wall away; then it is among the others, if it is to come `back` and has not left."""
        async with self._door:
            if (wall := self._walls.get(channel)) is not None:
                with anyio.CancelScope(shield=True):
                    await self._take_down(channel, wall, back=back)

    async def _take_down(self, channel: str, wall: Wall, *, back: bool) -> None:
        await self._remove(channel)
        self._walls.pop(channel, None)
        here = channel in self._guests or (channel == self._host.channel and not self._host_outside)
        if back and here and self._guests:
            await self._ask_softly("POST", self._bridge, "addChannel", channel=channel, absorbDTMF=True)
        await wall.close()
        await self._ask_softly("DELETE", wall.bridge)

    async def _make(self, bridge: str) -> None:
        await self._rest.ask("POST", "bridges", bridge, type=TYPE, name=bridge)

    async def _add(self, channel: str) -> None:
        """Two in a room are at times silent that was of three for a moment, so one goes before one comes."""
        if (wall := self._walls.get(channel)) is not None:
            await self._let_in(wall.bridge, channel)
            await self._let_in(self._bridge, wall.room.leg.channel)
        else:
            await self._let_in(self._bridge, channel)

    async def _let_in(self, bridge: str, channel: str) -> None:
        await self._rest.ask("POST", "bridges", bridge, "addChannel", channel=channel, absorbDTMF=True)

    async def _remove(self, channel: str) -> None:
        if (wall := self._walls.get(channel)) is not None:
            await self._ask_softly("POST", self._bridge, "removeChannel", channel=wall.room.leg.channel)
            await self._ask_softly("POST", wall.bridge, "removeChannel", channel=channel)
        else:
            await self._ask_softly("POST", self._bridge, "removeChannel", channel=channel)

    async def _ask_softly(self, method: str, bridge: str, *what: str, **parameters: str | bool) -> None:
        try:
            await self._rest.ask(method, "bridges", bridge, *what, **parameters)
        except (Rejected, CallGone, SwitchLost):
            return  # whoever was to be taken out has gone by themselves
