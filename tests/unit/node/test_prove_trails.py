"""Cards that were written down one digit a line are found."""

from itertools import zip_longest
from random import Random

from node.prove.canary import Canary, new_canary
from node.prove.trails import Tracker

CARD = new_canary("first", Random(1))
OTHER = new_canary("other", Random(2))
TRACKER = Tracker([CARD, OTHER])


def dtmf(canary: Canary, channel: str = "PJSIP/callers-00000003") -> list[str]:
    return [
        f"[2026-11-21 12:15:{at:02}.532] DTMF[{900 + at}][C-00000001]: channel.c: "
        f"DTMF end '{key}' received on {channel}, duration {100 + at} ms"
        for at, key in enumerate(canary.keys)
    ]


def found(lines: list[str]) -> set[str]:
    return {find.canary.name for find in TRACKER.find("\n".join(lines).encode())}


def test_keys_in_a_log_are_put_together() -> None:
    noise = [f"[2026-11-21 12:15:{at:02}.540] VERBOSE[21575]: rtp: 8 packets, {at} lost" for at in range(60)]
    assert found([line for pair in zip_longest(dtmf(CARD), noise, fillvalue="") for line in pair]) == {
        "first"
    }


def test_keys_of_two_calls_at_once_are_told_apart() -> None:
    pairs = zip(dtmf(CARD), dtmf(OTHER, "PJSIP/callers-00000004"), strict=True)
    assert found([line for pair in pairs for line in pair]) == {"first", "other"}


def test_keys_in_json_events_are_put_together() -> None:
    lines = [
        f'{{"type": "ChannelDtmfReceived", "digit": "{key}", "duration_ms": {100 + at}}}'
        for at, key in enumerate(CARD.keys)
    ]
    assert found(lines) == {"first"}


def test_keys_in_a_list_on_one_line_are_put_together() -> None:
    facts = ", ".join(
        f'{{"seq": {7 * at}, "kind": "pressed", "body": {{"key": "{key}"}}}}'
        for at, key in enumerate(CARD.keys)
    )
    assert found([f'{{"facts": [{facts}]}}']) == {"first"}


def test_keys_in_sip_info_are_put_together() -> None:
    lines = [f"Signal={key}\r\nDuration=160\r\n" for key in CARD.keys]
    assert found(lines) == {"first"}


def test_the_end_of_a_number_with_expiry_and_code_is_a_find() -> None:
    assert found(dtmf(CARD)[12:]) == {"first"}


def test_ten_keys_or_keys_out_of_order_are_no_find() -> None:
    assert found(dtmf(CARD)[:10]) == set()
    assert found(dtmf(CARD)[::-1]) == set()


def test_counts_and_masks_are_no_find() -> None:
    assert (
        found([f'{{"event": "card progress", "digits": {at}, "mask": "{"x" * at}"}}' for at in range(20)])
        == set()
    )
