"""Blind transfer: the call goes to the dialplan, which dials, and comes back if nobody is reached."""

import anyio

from core.errors import BadInput, Refused, SwitchLost
from pbx.ari.leg import Away, Leg
from pbx.ari.rest import Rest
from pbx.ari.site import Site
from pbx.call import NotReached, Transferred
from pbx.cause import Cause

_RING_S = 120.0  # the dialplan has a shorter limit of its own


async def transfer(rest: Rest, site: Site, leg: Leg, to: str) -> Transferred | NotReached:
    """Send the channel to `to` in the transfer context, and wait until somebody answers there.

    A REFER to the caller's own telephone (ARI's redirect) is not used: a carrier may refuse it. Raises
    CallGone when the caller hangs up meanwhile, Refused when the dialplan never settles it.
    """
    if not _is_known(site, to):
        return NotReached(to, Cause.NOT_FOUND)  # the dialplan would drop a call that goes nowhere
    away = leg.away = Away()
    watched = f"channel:{leg.channel}"
    await rest.ask("POST", "applications", site.app, "subscription", eventSource=watched)
    try:
        await rest.ask(
            "POST",
            "channels",
            leg.channel,
            "continue",
            context=site.transfer_context,
            extension=to,
            priority=1,
        )
        with anyio.move_on_after(_RING_S) as ringing:
            await leg.wait(away.settled)
    except BaseException:
        leg.away = None
        raise
    if ringing.cancelled_caught:
        raise Refused(
            f"the dialplan neither reached {to} nor gave the call back: see {site.transfer_context}"
        )
    if away.returned_with is not None:
        leg.away = None
        return NotReached(to, away.returned_with)
    await _unwatch(rest, site.app, watched)
    leg.end(Cause.NORMAL)
    return Transferred(to)


def _is_known(site: Site, to: str) -> bool:
    try:
        site.endpoint(to)
    except BadInput:
        return False
    return True


async def _unwatch(rest: Rest, app: str, watched: str) -> None:
    try:
        await rest.ask("DELETE", "applications", app, "subscription", eventSource=watched)
    except (Refused, SwitchLost):
        return  # what it still tells of that channel is passed over
