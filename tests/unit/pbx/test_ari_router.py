"""Asterisk's events reach whoever waits for them, with Asterisk's own times."""

import pytest

from core.ids import new_call_id
from pbx.ari import model
from pbx.ari.leg import Leg
from pbx.ari.router import Router
from pbx.keys import Keys
from tests.pressed import next_key

CHANNEL = "1700000000.1"


def _pressed(timestamp: str) -> model.Event:
    channel = {"id": CHANNEL, "name": "PJSIP/caller-00000001", "state": "Up"}
    event = {"type": "ChannelDtmfReceived", "digit": "4", "duration_ms": 100, "channel": channel}
    return model.parse(event | {"timestamp": timestamp})


@pytest.mark.anyio
async def test_two_presses_that_are_read_at_once_are_as_far_apart_as_asterisk_saw_them() -> None:
    keys = Keys(new_call_id())
    router = Router(lambda _channel, _args: None, lambda _leg: None)
    router.legs[CHANNEL] = Leg(CHANNEL, keys)
    router.hear(_pressed("2026-11-21T12:00:00.100+0000"))
    router.hear(_pressed("2026-11-21T12:00:00.350+0000"))
    first, second = [await next_key(keys) for _ in range(2)]
    assert second.at_ms - first.at_ms == 250
    keys.close()


@pytest.mark.anyio
async def test_an_event_without_a_time_is_of_now() -> None:
    keys = Keys(new_call_id())
    router = Router(lambda _channel, _args: None, lambda _leg: None)
    router.legs[CHANNEL] = Leg(CHANNEL, keys)
    router.hear(_pressed(""))
    assert (await next_key(keys)).at_ms > 0
    keys.close()
