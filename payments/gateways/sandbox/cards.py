"""Test cards, and what becomes of each: Stripe's own numbers, and a few for what no vendor offers.

https://docs.stripe.com/testing#cards. Any other valid number is approved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from payments.outcome import DeclineCode


class Fate(Enum):
    """What the gateway does with a charge, when it does not simply decide."""

    APPROVE = "approve"
    DECLINE = "decline"
    SILENT = "silent"  # charges, and never answers
    LOST = "lost"  # never answers, and charges nothing


@dataclass(frozen=True, slots=True)
class BogusCard:
    """A number and its fate; `code` and `decline_code` as Stripe's API names them."""

    number: bytes
    words: str
    fate: Fate = Fate.DECLINE
    decline: DeclineCode = DeclineCode.OTHER
    code: str = "card_declined"
    decline_code: str = ""
    disputed: bool = False


PLAIN: Final = BogusCard(b"4242424242424242", "approved", Fate.APPROVE)

BOGUS_CARDS: Sequence[BogusCard] = (
    PLAIN,
    BogusCard(b"5555555555554444", "approved (Mastercard)", Fate.APPROVE),
    BogusCard(b"378282246310005", "approved (American Express)", Fate.APPROVE),
    BogusCard(
        b"4000000000000002",
        "declined without a reason",
        decline=DeclineCode.DO_NOT_HONOR,
        decline_code="generic_decline",
    ),
    BogusCard(
        b"4000000000009995",
        "declined: insufficient funds",
        decline=DeclineCode.INSUFFICIENT_FUNDS,
        decline_code="insufficient_funds",
    ),
    BogusCard(
        b"4000000000009987",
        "declined: lost card",
        decline=DeclineCode.LOST_OR_STOLEN,
        decline_code="lost_card",
    ),
    BogusCard(
        b"4000000000009979",
        "declined: stolen card",
        decline=DeclineCode.LOST_OR_STOLEN,
        decline_code="stolen_card",
    ),
    BogusCard(
        b"4000000000000069",
        "declined: expired card",
        decline=DeclineCode.EXPIRED_CARD,
        code="expired_card",
    ),
    BogusCard(
        b"4000000000000127",
        "declined: wrong security code",
        decline=DeclineCode.WRONG_CODE,
        code="incorrect_cvc",
    ),
    BogusCard(
        b"4000000000000119",
        "declined: processing error, try later",
        decline=DeclineCode.PROCESSING_ERROR,
        code="processing_error",
    ),
    BogusCard(
        b"4000000000006975",
        "declined: too many payments with this card",
        decline=DeclineCode.LIMIT_EXCEEDED,
        decline_code="card_velocity_exceeded",
    ),
    BogusCard(
        b"4000002500003155",
        "declined: the cardholder would have to authenticate",
        decline=DeclineCode.AUTHENTICATION_REQUIRED,
        code="authentication_required",
        decline_code="authentication_required",
    ),
    BogusCard(
        b"4000000000000259", "approved, and disputed by the cardholder as fraud", Fate.APPROVE, disputed=True
    ),
    BogusCard(b"4000000000001109", "charged, but the gateway never answers", Fate.SILENT),
    BogusCard(b"4000000000001117", "not charged, and the gateway never answers", Fate.LOST),
)


def card_like(digits: memoryview) -> BogusCard:
    """The test card of that number, compared in place; any other number stands for an approved one."""
    return next((card for card in BOGUS_CARDS if digits == card.number), PLAIN)
