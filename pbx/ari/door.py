"""Where the sockets come in that Asterisk opens for sound: each goes to the handle that waits for it."""

from contextlib import suppress
from typing import Final, Protocol

import anyio
import structlog

from core.errors import CallGone, SwitchLost
from pbx.ari.leg import Leg
from pbx.ari.listener import Listener, Query
from pbx.ari.rest import Rest
from pbx.ari.router import Router
from pbx.ari.site import Site
from pbx.ari.socket import Socket

_OPEN_S: Final = 5.0

log = structlog.get_logger(__name__)


class Visitor(Protocol):
    """A media channel of ours: `leg` is its channel, `connected` is set when its socket is there."""

    leg: Leg
    connected: anyio.Event

    async def listen(self, socket: Socket) -> None:
        """Read from the socket until either side closes it."""
        ...


class MediaDoor:
    """Has Asterisk make media channels, and hands their sockets out."""

    def __init__(self, listener: Listener, rest: Rest, router: Router, site: Site) -> None:
        self._rest, self._router, self._site = rest, router, site
        self._expected: dict[str, Visitor] = {}
        listener.serve("/media", "media", self._accept)

    async def bring(self, visitor: Visitor, form: str) -> None:
        """Have Asterisk make the channel, in one of its formats (`slin16`), and connect it to us.

        Raises SwitchLost when its sound does not come within 5 s. `see_off` must follow in any case.
        """
        channel = visitor.leg.channel
        self._expected[channel] = visitor
        self._router.legs[channel] = visitor.leg
        await self._rest.ask(
            "POST",
            "channels",
            "externalMedia",
            app=self._site.app,
            channelId=channel,
            external_host=self._site.media_client,
            transport="websocket",
            encapsulation="none",
            connection_type="client",
            format=form,
            transport_data=f"v(call={channel})",
        )
        try:
            with anyio.fail_after(_OPEN_S):
                await visitor.leg.wait(visitor.leg.arrived)
                await visitor.connected.wait()
        except TimeoutError:
            raise SwitchLost(f"Asterisk did not bring the sound of {channel}: see its log") from None

    async def see_off(self, visitor: Visitor) -> None:
        """Take the channel away; the call stays up."""
        channel = visitor.leg.channel
        with suppress(CallGone, SwitchLost):
            await self._rest.ask("DELETE", "channels", channel)
        self._expected.pop(channel, None)
        self._router.legs.pop(channel, None)

    async def _accept(self, socket: Socket, query: Query) -> None:
        visitor = self._expected.get(query.get("call", ""))
        if visitor is None:
            log.warning("sound of an unknown call was refused")
            return
        await visitor.listen(socket)
