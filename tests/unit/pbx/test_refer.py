"""What a REFER asks for, as Asterisk tells of it: whom, and on which other call they have talked."""

from typing import Any

import pytest

from core.ids import new_call_id
from pbx.ari import model
from pbx.ari.leg import Leg
from pbx.ari.refer import asked_by
from pbx.ari.router import Router
from pbx.call import TransferAsked
from pbx.keys import Keys

AGENT = {"id": "call_agent", "name": "PJSIP/201-00000001", "state": "Up"}
THEIR_OTHER = {"id": "1700000000.7", "name": "PJSIP/201-00000002", "state": "Up"}
THIRD = {"id": "1700000000.8", "name": "PJSIP/202-0000000a", "state": "Up"}


def asked(destination: str, **more: Any) -> model.ChannelTransfer:
    to = {
        "requested_destination": {
            "protocol_id": "",
            "destination": destination,
            "additional_protocol_params": [],
        }
    }
    event = {
        "type": "ChannelTransfer",
        "application": "tellerline",
        "timestamp": "",
        "state": "requested",
        "refer_to": to | more,
        "referred_by": {"source_channel": AGENT},
    }
    parsed = model.parse(event)
    assert isinstance(parsed, model.ChannelTransfer)
    return parsed


@pytest.mark.parametrize("destination", ["202", "sip:202@example.com", "sip:202@example.com;transport=tcp"])
def test_a_blind_transfer_names_somebody(destination: str) -> None:
    assert asked_by(asked(destination)) == ("call_agent", TransferAsked("202"), "")


def test_an_attended_one_names_the_call_on_which_they_have_talked() -> None:
    event = asked("", destination_channel=THEIR_OTHER, connected_channel=THIRD)
    assert asked_by(event) == ("call_agent", TransferAsked("202", consulted=True), "1700000000.7")


def test_one_that_is_asked_for_before_asterisk_joined_both_names_whom_they_dialed() -> None:
    theirs = THEIR_OTHER | {"dialplan": {"context": "tellerline-phones", "exten": "202", "priority": 1}}
    event = asked("", destination_channel=theirs)
    assert asked_by(event) == ("call_agent", TransferAsked("202", consulted=True), "1700000000.7")


@pytest.mark.anyio
async def test_whoever_waits_on_that_call_is_told() -> None:
    router = Router(lambda _channel, _args: None, lambda _leg: None)
    leg = router.legs["call_agent"] = Leg("call_agent", Keys(new_call_id()))
    router.hear(asked("202"))
    assert leg.asked.is_set()
    assert leg.asks == (TransferAsked("202"), "")
    leg.end()
