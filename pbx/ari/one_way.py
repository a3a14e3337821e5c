"""A telephone that tells each key in two ways is asked for one of them.

It is offered its call anew without RFC 4733 (a re-INVITE without telephone-event, RFC 3264), and keeps to
SIP INFO then.
"""

from typing import Final

import anyio
import structlog

from core.errors import CallGone, Refused, SwitchLost
from pbx.ari.leg import Leg
from pbx.ari.rest import Rest

_MODE: Final = "PJSIP_DTMF_MODE()"
_AGREED_S: Final = 0.6  # a telephone has taken the offer by then
_SILENT_S: Final = 8.0  # without a key after it: it may have no other way after all

log = structlog.get_logger(__name__)


async def ask_for_one(rest: Rest, leg: Leg) -> None:
    """Offer the call anew without RFC 4733; and as before, when no key comes any more."""
    log.info("a telephone tells each key twice: it is asked for SIP INFO alone", channel=leg.channel)
    try:
        asked = await rest.ask("GET", "channels", leg.channel, "variable", variable=_MODE)
        await _offer(rest, leg.channel, "info")
        await anyio.sleep(_AGREED_S)
        leg.twofold.settle()
        leg.pressed = anyio.Event()
        with anyio.move_on_after(_SILENT_S):
            await leg.wait(leg.pressed)
            return
        await _offer(rest, leg.channel, asked["value"])
    except (CallGone, Refused, SwitchLost) as why:
        log.warning("it could not be asked", channel=leg.channel, reason=str(why))


async def _offer(rest: Rest, channel: str, mode: str) -> None:
    await rest.ask("POST", "channels", channel, "variable", variable=_MODE, value=mode)
