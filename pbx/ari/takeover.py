"""After every connection: which calls live on, which have ended, and which wait for somebody to take them."""

from collections.abc import Callable

import structlog

from core.errors import CallGone
from pbx.ari.model import Channel, parse_channel
from pbx.ari.rest import Rejected, Rest
from pbx.ari.router import WANTED, Router
from pbx.ari.site import Site
from pbx.cause import Cause

log = structlog.get_logger(__name__)

Found = Callable[[Channel, tuple[str, ...]], None]


async def take_over(rest: Rest, router: Router, site: Site, found: Found) -> None:
    """Compare Asterisk's channels with our handles.

    Handles without a channel have ended (NETWORK_LOST); channels in our application without a handle are told
    to `found`. Raises SwitchLost when the connection goes meanwhile.
    """
    await rest.ask("PUT", "applications", site.app, "eventFilter", allowed=[{"type": one} for one in WANTED])
    channels = {one["id"]: parse_channel(one) for one in await rest.ask("GET", "channels")}
    for known in [known for known in router.legs if known not in channels]:
        router.lose(known, Cause.NETWORK_LOST)
    for known in router.legs.keys() & channels.keys():
        router.legs[known].playing.clear()  # its end may have gone unheard
        await _watch(rest, site, known)
    for playback in list(router.playbacks.values()):
        await playback.check()
    for channel in channels.values():
        args = _our_args(channel, site.app)
        if args is not None and channel.id not in router.legs:
            found(channel, args)


async def clear_leftovers(rest: Rest, app: str) -> None:
    """Remove the bridges that an earlier controller left; the callers in them are alone again."""
    for bridge in await rest.ask("GET", "bridges"):
        if str(bridge["id"]).startswith(f"{app}-call_"):
            try:
                await rest.ask("DELETE", "bridges", bridge["id"])
            except Rejected:
                log.info("a bridge that was left over has gone by itself", bridge=bridge["id"])


async def _watch(rest: Rest, site: Site, channel: str) -> None:
    try:
        await rest.ask("POST", "applications", site.app, "subscription", eventSource=f"channel:{channel}")
    except (Rejected, CallGone):
        return  # it ended just now: its events have told


def _our_args(channel: Channel, app: str) -> tuple[str, ...] | None:
    name, *args = channel.dialplan.app_data.split(",")
    return tuple(args) if channel.dialplan.app_name == "Stasis" and name == app else None
