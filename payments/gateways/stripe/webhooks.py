"""Stripe's webhooks: https://docs.stripe.com/webhooks, https://docs.stripe.com/api/events/types."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from core.errors import BadInput
from core.ids import PaymentId
from payments.gateway import PAGE_OVER
from payments.gateways.stripe import answers
from payments.gateways.stripe.amounts import CURRENCIES
from payments.notice import (
    TOLERANCE_S,
    ChargeNews,
    DisputeNews,
    Distrust,
    Distrusted,
    News,
    Notice,
    OtherNews,
    RefundNews,
    Stage,
)
from payments.outcome import DeclineCode, Declined

_SCHEME: Final = "v1"
_CHARGES: Final = frozenset(
    {
        "payment_intent.amount_capturable_updated",
        "payment_intent.canceled",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payment_intent.requires_action",
        "payment_intent.succeeded",
    }
)
_REFUNDS: Final = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"})
_STAGES: Final = {"won": Stage.WON, "lost": Stage.LOST}


def noticed(
    name: str, secret: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> Notice | Distrusted:
    """The event, if it was signed with the endpoint's secret not long ago."""
    if (distrusted := _checked(secret, body, headers.get("stripe-signature", ""), now)) is not None:
        return distrusted
    try:
        event = json.loads(body)
        at = datetime.fromtimestamp(event["created"], UTC)
        return Notice(name, event["id"], at, _read(event["type"], event["data"]["object"]))
    except (ValueError, KeyError, TypeError, BadInput) as error:
        return Distrusted(Distrust.MALFORMED, f"not an event of Stripe's ({type(error).__name__})")


def _checked(secret: str, body: bytes, header: str, now: datetime) -> Distrusted | None:
    parts = [part.partition("=")[::2] for part in header.split(",")]
    at = next((text for name, text in parts if name.strip() == "t"), "")
    given = [text for name, text in parts if name.strip() == _SCHEME]
    if not secret or not given or not (at.isascii() and at.isdigit()):
        return Distrusted(Distrust.NO_SIGNATURE, "no Stripe-Signature with t and v1, or no secret is set")
    right = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest().encode()
    if not any(hmac.compare_digest(right, one.encode()) for one in given):
        return Distrusted(Distrust.WRONG_SIGNATURE, "signed with another secret, or changed on its way")
    if abs(now.timestamp() - int(at)) > TOLERANCE_S:
        return Distrusted(Distrust.TOO_OLD, f"signed at {at}")
    return None


def _read(kind: str, about: answers.Json) -> News:
    if kind in _CHARGES:
        payment = (about.get("metadata") or {}).get("payment")
        return ChargeNews(PaymentId(payment) if payment else None, about["id"], answers.of_intent(about))
    if kind == "checkout.session.expired" and about.get("client_reference_id"):
        over = Declined(DeclineCode.OTHER, PAGE_OVER, about["id"])
        return ChargeNews(PaymentId(about["client_reference_id"]), about["id"], over)
    if kind in _REFUNDS:
        return RefundNews(
            charge_ref=about["payment_intent"],
            ref=about["id"],
            amount=CURRENCIES.money(about["amount"], about["currency"].upper()),
            outcome=answers.of_refund(about),
            refund=(about.get("metadata") or {}).get("refund", ""),
        )
    # an inquiry ("warning_...") holds no money back: it becomes a dispute later, or nothing
    if kind.startswith("charge.dispute.") and not about["status"].startswith("warning_"):
        return _dispute(about)
    return OtherNews(kind)


def _dispute(about: answers.Json) -> DisputeNews:
    due = (about.get("evidence_details") or {}).get("due_by")
    return DisputeNews(
        charge_ref=about["payment_intent"],
        ref=about["id"],
        stage=_STAGES.get(about["status"], Stage.OPENED),
        amount=CURRENCIES.money(about["amount"], about["currency"].upper()),
        reason=about.get("reason") or "",
        due_by=datetime.fromtimestamp(due, UTC) if due else None,
    )
