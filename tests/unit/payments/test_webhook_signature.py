"""Signatures of webhooks out, and the addresses that they may go to."""

from datetime import UTC, datetime
from random import Random

import pytest

from core.errors import BadInput
from payments.webhooks.delivery import again_s
from payments.webhooks.guard import NotPublic, refuse_private
from payments.webhooks.signature import headers, new_secret
from payments.webhooks.topics import TOPICS, wants


def test_the_example_of_the_library_is_signed_as_the_library_signs_it() -> None:
    """standardwebhooks 1.1.0, `Webhook.sign`."""
    at = datetime.fromtimestamp(1614265330, UTC)
    made = headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        at,
        b'{"test": 2432232314}',
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert made["webhook-timestamp"] == "1614265330"


def test_a_secret_has_256_bits_and_is_never_the_same() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(new_secret()) == len("whsec_") + 44


def test_what_is_no_secret_signs_nothing() -> None:
    with pytest.raises(BadInput, match="rotate"):
        headers(["whsec_no base64"], "evt_1", datetime.now(UTC), b"{}")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(NotPublic, match=r"webhooks\.private"):
        refuse_private(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e", "example.com"]
)
def test_public_addresses_and_names_pass(address: str) -> None:
    refuse_private(address)


def test_ten_attempts_are_spread_over_about_three_days() -> None:
    waits = [again_s(attempt, Random(7)) for attempt in range(1, 11)]
    assert waits[-1] is None
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known)
    assert 60 <= sum(known) / 3600 <= 100


def test_topics_are_asked_for_alone_by_family_or_all() -> None:
    assert [one for one in TOPICS if wants(["call.ended"], one)] == ["call.ended"]
    assert {one.partition(".")[0] for one in TOPICS if wants(["link.*"], one)} == {"link"}
    assert {one.partition(".")[0] for one in TOPICS if wants(["*"], one)} == {
        "call",
        "link",
        "payment",
        "request",
    }
    assert not wants(["link.*"], "linked.up")
