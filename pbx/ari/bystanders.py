"""Whoever else would be told of a caller's keys by Asterisk: nobody is while a card is entered."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio
import structlog

from core.errors import CannotKeepSecret, Refused, SwitchLost
from core.lately import Lately
from core.together import Together
from pbx.ari.overheard import overheard
from pbx.ari.rest import Rejected, Rest
from pbx.ari.site import Site

log = structlog.get_logger(__name__)

_KEY: Final = "ChannelDtmfReceived"
_MARK: Final = "TellerlineCardEntry"  # no event: in an application's filter it says that we made it deaf
_ALL: Final = "__AST_CHANNEL_ALL_TOPIC"  # Asterisk's name for a subscription to all channels
_GONE: Final = 404

Application = Mapping[str, Any]
"""An application as ARI describes it."""


class Bystanders:
    """One Asterisk's other applications: one that is subscribed to the caller's channel is told every key.

    While a card is entered they are filtered, and for `linger_s` more: what Asterisk put off it tells again.
    Then all is as before, as long as `run` is running. The filter stays when we crash, so that keys which are
    pressed on go nowhere; the next controller takes it away, as late.
    """

    def __init__(self, rest: Rest, site: Site, linger_s: float = 3.0) -> None:
        self._rest, self._site, self._linger_s = rest, site, linger_s
        self._entered: list[str] = []
        self._unwritten, self._arranging = Lately(self._look_at_logs), Together(self._arrange)
        self._lingering: list[tuple[str, float]] = []
        self._left = anyio.Event()

    async def run(self) -> None:
        """Let all hear again, a while after the end of each entry; until cancelled."""
        while True:
            await self._left.wait()
            self._left = anyio.Event()
            while self._lingering:
                await anyio.sleep_until(self._lingering[0][1])
                now = anyio.current_time()
                self._lingering = [one for one in self._lingering if one[1] > now]
                await self._leave()

    def came_back(self) -> None:
        """Keys that were pressed before we came may still be told: who is deaf stays so for a while."""
        self._linger("")

    @asynccontextmanager
    async def deaf(self, channel: str) -> AsyncIterator[None]:
        """A card is entered on this channel.

        Raises CannotKeepSecret where Asterisk writes keys down, or cannot be kept from telling them.
        """
        await self._unwritten.look()
        self._entered.append(channel)
        try:
            try:
                await self.arrange()
            except Refused as no:
                raise CannotKeepSecret(f"another application is told of keys: {no}") from no
            yield
        finally:
            self._entered.remove(channel)
            self._linger(channel)

    async def arrange(self) -> None:
        """Have each hear what it may hear now; also for those that were not there before."""
        await self._arranging.do()

    async def _look_at_logs(self) -> None:
        if found := await overheard(self._rest, self._site.log_levels):
            raise CannotKeepSecret("; ".join(found))

    async def _arrange(self) -> None:
        for one in await self._rest.ask("GET", "applications"):
            if one["name"] != self._site.app:
                await self._bring(one)

    def _linger(self, channel: str) -> None:
        self._lingering.append((channel, anyio.current_time() + self._linger_s))
        self._left.set()

    async def _leave(self) -> None:
        try:
            await self.arrange()
        except (Refused, SwitchLost) as why:
            log.warning("another application may stay deaf to keys", why=str(why))

    async def _bring(self, one: Application) -> None:
        filtered = [event["type"] for event in one["events_disallowed"]]
        if self._is_near(one) and _KEY not in filtered:
            await self._filter(one, [*filtered, _KEY, _MARK])
        elif _MARK in filtered and not self._is_near(one):
            await self._filter(one, [kind for kind in filtered if kind not in (_KEY, _MARK)])

    def _is_near(self, one: Application) -> bool:
        """Whether it is subscribed to a channel on which a card is entered, perhaps by its endpoint."""
        channels = {*self._entered, *(channel for channel, _ in self._lingering if channel)}
        heard = {_ALL, *channels} & set(one["channel_ids"])
        return bool(channels) and bool(heard or one["endpoint_ids"])

    async def _filter(self, one: Application, types: list[str]) -> None:
        disallowed = [{"type": kind} for kind in types]
        try:
            await self._rest.ask(
                "PUT",
                "applications",
                one["name"],
                "eventFilter",
                allowed=one["events_allowed"],
                disallowed=disallowed,
            )
        except Rejected as no:
            if no.status != _GONE:  # it has just ended
                raise
