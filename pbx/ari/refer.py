"""Transfers that the other party asks for by SIP REFER (RFC 3515): told to us, and carried out by us.

Asterisk would else carry them out itself, and take the caller out of our hands, with the mute of a card that
is keyed in. An attended one names the call on which they have talked with the third; that call is ended.
"""

import re
from typing import Final

import anyio

from core.errors import CallGone
from pbx.ari import model
from pbx.ari.leg import Leg
from pbx.ari.rest import Rejected, Rest
from pbx.call import TransferAsked

_USER: Final = re.compile(r"^(?:sips?:)?([^@;>]+)")
_EXTENSION: Final = re.compile(r"^PJSIP/(.+)-[0-9a-f]{8}$")


async def listen_for(rest: Rest, leg: Leg) -> None:
    """Have REFERs on that channel told to us; one that is no SIP channel has none."""
    try:
        await rest.ask(
            "POST",
            "channels",
            leg.channel,
            "variable",
            variable="PJSIP_TRANSFER_HANDLING()",
            value="ari-only",
        )
    except (CallGone, Rejected):
        return  # whoever is gone is noticed by what is asked next


def asked_by(event: model.ChannelTransfer) -> tuple[str, TransferAsked, str]:
    """The channel that asks, for whom it asks, and its other call where it has talked with them."""
    to, by = event.refer_to, event.referred_by.source_channel.id
    if to.destination_channel is None:
        user = _USER.match(to.requested_destination.destination)
        return by, TransferAsked(user[1] if user else ""), ""
    named = _EXTENSION.match(to.connected_channel.name) if to.connected_channel else None
    dialed = to.destination_channel.dialplan.exten  # they may ask before Asterisk has joined both
    return by, TransferAsked(named[1] if named else dialed, consulted=True), to.destination_channel.id


async def asked(rest: Rest, leg: Leg) -> TransferAsked:
    """Wait until the far end asks; whoever was consulted is free then, and their telephone can ring again."""
    await leg.wait(leg.asked)
    leg.asked = anyio.Event()
    asks, consultation = leg.asks or (TransferAsked(""), "")
    if consultation:
        try:
            await rest.ask("DELETE", "channels", consultation)
        except (CallGone, Rejected):
            return asks  # they have hung up
    return asks


async def answer(rest: Rest, leg: Leg, *, reached: bool) -> None:
    """Tell the telephone that asked what came of it (NOTIFY, RFC 3515 2.4.4).

    Of a failure it is told nothing: Asterisk 22 ends the channel that hears of one, and with it the call.
    """
    if reached:
        await rest.ask("POST", "channels", leg.channel, "transfer_progress", states="channel_answered")
