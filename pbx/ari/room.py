"""The bridge in which a caller meets others: an agent, or our own ears and voice."""

from typing import Final

import anyio

from core.errors import CallGone, SwitchLost
from core.ids import CallId
from pbx.ari.leg import Leg
from pbx.ari.rest import Rejected, Rest

TYPE: Final = "mixing,dtmf_events"  # anything else hands keys to the other party (native RTP)


class Room:
    """A bridge that exists only while guests are in it; alone, the caller needs none.

    Everybody's keys are absorbed: they raise events, and are never heard by the others.
    """

    def __init__(self, rest: Rest, host: Leg, call: CallId, app: str) -> None:
        self._rest, self._host = rest, host
        self._bridge = f"{app}-{call}"
        self._guests: set[str] = set()
        self._host_outside = False
        self._door = anyio.Lock()

    @property
    def guests(self) -> int:
        """How many are in it besides the caller."""
        return len(self._guests)

    async def enter(self, guest: str) -> None:
        """Let that channel in; the caller is brought in with the first."""
        async with self._door:
            if not self._guests:
                await self._rest.ask("POST", "bridges", self._bridge, type=TYPE, name=self._bridge)
                if not self._host_outside:
                    await self._add(self._host.channel)
            self._guests.add(guest)
            await self._add(guest)

    async def leave(self, guest: str) -> None:
        """Let that channel out; with the last one the bridge goes, and the caller is alone again."""
        async with self._door:
            self._guests.discard(guest)
            with anyio.CancelScope(shield=True):
                await (self._remove(guest) if self._guests else self._ask_softly("DELETE"))

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

    async def _add(self, channel: str) -> None:
        await self._rest.ask("POST", "bridges", self._bridge, "addChannel", channel=channel, absorbDTMF=True)

    async def _remove(self, channel: str) -> None:
        await self._ask_softly("POST", "removeChannel", channel=channel)

    async def _ask_softly(self, method: str, *what: str, **parameters: str) -> None:
        try:
            await self._rest.ask(method, "bridges", self._bridge, *what, **parameters)
        except (Rejected, CallGone, SwitchLost):
            return  # whoever was to be taken out has gone by themselves
