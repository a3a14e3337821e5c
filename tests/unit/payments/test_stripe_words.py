"""Stripe's amounts, words and silences, as ours."""

import logging

import aiohttp
import pytest
import stripe
from aiohttp.client_reqrep import ConnectionKey

from core.errors import BadInput
from core.money import Money
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.amounts import CURRENCIES
from payments.gateways.stripe.answers import of_error, of_intent
from payments.gateways.stripe.declines import declined
from payments.gateways.stripe.gateway import StripeGateway
from payments.outcome import (
    Approved,
    DeclineCode,
    Declined,
    NotAttempted,
    Outcome,
    Pending,
    RequiresAction,
    Unknown,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        (Money(12550, "USD"), 12550),
        (Money(500, "JPY"), 500),
        (Money(500, "ISK"), 50000),  # no decimals by ISO 4217, two places at Stripe
        (Money(500, "UGX"), 50000),
        (Money(12550, "HUF"), 12550),
        (Money(80045, "TWD"), 80045),
        (Money(5120, "KWD"), 5120),
        (Money(5125, "KWD"), None),  # a third decimal must be zero
        (Money(0, "USD"), None),
        (Money(-1, "USD"), None),
        (Money(100, "XDR"), None),  # not a currency that Stripe charges
    ],
)
def test_amounts_are_counted_as_stripe_counts_them(money: Money, expected: int | None) -> None:
    assert CURRENCIES.count(money) == expected


def test_every_currency_in_the_table_is_one() -> None:
    assert all(Money(1, currency) for currency in CURRENCIES.exponents)
    assert set(CURRENCIES.exponents.values()) == {0, 2, 3}


@pytest.mark.parametrize(
    ("code", "decline_code", "expected"),
    [
        ("card_declined", "insufficient_funds", DeclineCode.INSUFFICIENT_FUNDS),
        ("card_declined", "lost_card", DeclineCode.LOST_OR_STOLEN),
        ("expired_card", "", DeclineCode.EXPIRED_CARD),
        ("incorrect_cvc", "incorrect_cvc", DeclineCode.WRONG_CODE),
        ("card_declined", "a_word_of_tomorrow", DeclineCode.OTHER),
        ("", "", DeclineCode.OTHER),
    ],
)
def test_refusals_come_in_our_words(code: str, decline_code: str, expected: DeclineCode) -> None:
    assert declined(code, decline_code).code is expected


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ({"status": "succeeded"}, Approved("pi_1")),
        ({"status": "requires_capture"}, Approved("pi_1", captured=False)),
        ({"status": "processing"}, Pending("pi_1")),
        (
            {
                "status": "requires_action",
                "next_action": {
                    "type": "verify_with_microdeposits",
                    "verify_with_microdeposits": {"hosted_verification_url": "https://example.com/small"},
                },
            },
            Pending("pi_1", "the account's holder confirms the small deposits on https://example.com/small"),
        ),
        ({"status": "canceled"}, Declined(DeclineCode.OTHER, "voided", "pi_1")),
        ({"status": "requires_action"}, RequiresAction("pi_1", "")),
        ({"status": "requires_confirmation"}, NotAttempted("the payment was never confirmed")),
        (
            {"status": "requires_payment_method", "last_payment_error": {"code": "expired_card"}},
            Declined(DeclineCode.EXPIRED_CARD, "expired_card", "pi_1"),
        ),
    ],
)
def test_each_status_of_an_intent_has_its_outcome(intent: dict[str, object], expected: Outcome) -> None:
    assert of_intent({"id": "pi_1", **intent}) == expected


def caused_by(cause: Exception) -> stripe.APIConnectionError:
    error = stripe.APIConnectionError("no connection")  # type: ignore[no-untyped-call]
    error.__cause__ = cause
    return error


NOBODY = aiohttp.ClientConnectorError(
    ConnectionKey("example.com", 443, True, True, None, None, None), ConnectionRefusedError()
)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (caused_by(NOBODY), NotAttempted),
        (caused_by(aiohttp.ConnectionTimeoutError()), NotAttempted),
        (caused_by(aiohttp.ServerDisconnectedError()), Unknown),
        (caused_by(TimeoutError()), Unknown),
        (aiohttp.ClientPayloadError(), Unknown),
        (stripe.APIError("broke", http_status=500), Unknown),
        (stripe.APIError("in progress", http_status=409), Unknown),
        (stripe.RateLimitError("slow down", http_status=429), NotAttempted),
        (stripe.AuthenticationError("who?", http_status=401), NotAttempted),
        (stripe.InvalidRequestError("what?", "amount", http_status=400), NotAttempted),  # type: ignore[no-untyped-call]
        (stripe.IdempotencyError("again?", http_status=400), Unknown),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_silence_is_surely_nothing_or_unknown(error: Exception, expected: type) -> None:
    assert isinstance(of_error(error), expected)


async def test_the_sdk_may_not_print_what_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_LOG", "debug")
    with pytest.raises(BadInput, match="STRIPE_LOG"):
        StripeGateway(Account("sk_test_1"))


async def test_the_sdks_logger_is_held_back_whatever_its_level(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = logging.getLogger("stripe")
    monkeypatch.setattr(logger, "filters", [])  # gateways of other tests may have held it back already
    with caplog.at_level(logging.DEBUG, "stripe"):
        logger.debug("card[number]=planted")
        assert "planted" in caplog.text  # before: the positive control
        caplog.clear()
        gateway = StripeGateway(Account("sk_test_1"))
        logger.debug("card[number]=planted")
        assert caplog.text == ""
    await gateway.close()


def test_the_key_of_an_account_does_not_show() -> None:
    assert "sk_test_1" not in repr(Account("sk_test_1"))
