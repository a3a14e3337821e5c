"""Razorpay's webhooks: https://razorpay.com/docs/webhooks/validate-test/."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from core.errors import BadInput
from core.ids import PaymentId
from payments.currencies import Currencies
from payments.gateways.razorpay import answers
from payments.gateways.razorpay.account import Account
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

RESENT_FOR: Final = timedelta(hours=24)
"""A webhook that nobody took is sent again for a day; its time is that of the event."""

_STAGES: Final = {"won": Stage.WON, "lost": Stage.LOST}
_LINKS: Final = frozenset({"payment_link.paid", "payment_link.expired", "payment_link.cancelled"})


def noticed(
    account: Account, currencies: Currencies, body: bytes, headers: Mapping[str, str], now: datetime
) -> Notice | Distrusted:
    """The event, if it was signed with our secret and is not older than a day.

    Its `x-razorpay-event-id` is not signed, so kind, object and time stand for it.
    """
    given = headers.get("x-razorpay-signature", "")
    if not given or not account.webhook_secret:
        return Distrusted(Distrust.NO_SIGNATURE, "no x-razorpay-signature, or no secret is set")
    right = hmac.new(account.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), given.encode()):
        return Distrusted(Distrust.WRONG_SIGNATURE, "signed with another secret, or changed on its way")
    try:
        event = json.loads(body)
        at = datetime.fromtimestamp(event["created_at"], UTC)
        if not -TOLERANCE_S <= (now - at).total_seconds() <= RESENT_FOR.total_seconds():
            return Distrusted(Distrust.TOO_OLD, f"of {at:%Y-%m-%dT%H:%M:%SZ}")
        about = event["payload"][event["contains"][0]]["entity"]
        name = f"{event['event']}:{about['id']}:{event['created_at']}"
        return Notice(account.name, name, at, _read(event["event"], event["payload"], currencies))
    except (ValueError, KeyError, TypeError, IndexError, BadInput) as error:
        return Distrusted(Distrust.MALFORMED, f"not an event of Razorpay's ({type(error).__name__})")


def _read(kind: str, payload: answers.Json, currencies: Currencies) -> News:
    if kind in _LINKS:
        return _link(payload)
    if kind in {"payment.captured", "payment.failed"}:
        return _payment(kind, payload["payment"]["entity"])
    if kind.startswith("refund."):
        refund = payload["refund"]["entity"]
        return RefundNews(
            charge_ref=refund["payment_id"],
            ref=refund["id"],
            amount=currencies.money(refund["amount"], refund["currency"]),
            outcome=answers.of_refund(refund),
            refund=(refund.get("notes") or {}).get("refund", ""),
        )
    if kind.startswith("payment.dispute."):
        return _dispute(payload["dispute"]["entity"], currencies)
    return OtherNews(kind)


def _link(payload: answers.Json) -> News:
    link = payload["payment_link"]["entity"]
    paid = (payload.get("payment") or {}).get("entity")
    outcome = answers.of_payment(paid) if paid else answers.of_link(link)
    return ChargeNews(PaymentId(link["reference_id"]), paid["id"] if paid else link["id"], outcome)


def _payment(kind: str, payment: answers.Json) -> News:
    """A payment of our own; of a link's, the link tells: whose card is refused there may take another."""
    notes = payment.get("notes") or {}
    ours = notes.get("payment") if isinstance(notes, dict) else None
    if not ours or payment.get("invoice_id") or notes.get("page"):
        return OtherNews(kind)
    return ChargeNews(PaymentId(ours), payment["id"], answers.of_payment(payment))


def _dispute(about: answers.Json, currencies: Currencies) -> DisputeNews:
    due = about.get("respond_by")
    return DisputeNews(
        charge_ref=about["payment_id"],
        ref=about["id"],
        stage=_STAGES.get(about["status"], Stage.OPENED),
        amount=currencies.money(about["amount"], about["currency"]),
        reason=about.get("reason_code") or "",
        due_by=datetime.fromtimestamp(due, UTC) if due else None,
    )
