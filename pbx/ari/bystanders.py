"""Whoever else would be told of a caller's keys by Asterisk: nobody is while a card is entered."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio
import structlog

from core.errors import CannotKeepSecret, Refused, SwitchLost
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

    While a card is entered they are filtered, and then as before. The filter stays when we crash, so that
    keys which are pressed on go nowhere; the next controller takes it away.
    """

    def __init__(self, rest: Rest, site: Site) -> None:
        self._rest, self._site = rest, site
        self._entered: list[str] = []
        self._arranging = Together(self._arrange)

    @asynccontextmanager
    async def deaf(self, channel: str) -> AsyncIterator[None]:
        """A card is entered on this channel.

        Raises CannotKeepSecret where Asterisk writes keys down, or cannot be kept from telling them.
        """
        if found := await overheard(self._rest, self._site.log_levels):
            raise CannotKeepSecret("; ".join(found))
        self._entered.append(channel)
        try:
            try:
                await self.arrange()
            except Refused as no:
                raise CannotKeepSecret(f"another application is told of keys: {no}") from no
            yield
        finally:
            self._entered.remove(channel)
            with anyio.CancelScope(shield=True):
                await self._leave()

    async def arrange(self) -> None:
        """Have each hear what it may hear now; also for those that were not there before."""
        await self._arranging.do()

    async def _arrange(self) -> None:
        for one in await self._rest.ask("GET", "applications"):
            if one["name"] != self._site.app:
                await self._bring(one)

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
        heard = {_ALL, *self._entered} & set(one["channel_ids"])
        return bool(self._entered) and bool(heard or one["endpoint_ids"])

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
