"""Razorpay's answers, as outcomes: https://razorpay.com/docs/api/payments/."""

import json
from collections.abc import Mapping
from typing import Any, Final

from payments.client import Said
from payments.gateway import PAGE_OVER
from payments.gateways.razorpay.declines import is_refusal, word_for
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

Json = Mapping[str, Any]
Failed = Declined | NotAttempted | Unknown

_OK: Final = 200
_SAME_KEY: Final = "idempotency key"


def of_reply(reply: Said | NotAttempted | Unknown, ref: str = "") -> Json | Failed:
    """The object of an answer, or what its failing means; `ref` is the charge's that it was about, if any."""
    if not isinstance(reply, Said):
        return reply
    try:
        body = json.loads(reply.body or b"{}")
    except ValueError:
        return Unknown(f"Razorpay answered {reply.status} with no JSON")
    if reply.status == _OK and isinstance(body, dict):
        return body
    return _refused(body.get("error") or {} if isinstance(body, dict) else {}, reply.status, ref)


def of_payment(payment: Json) -> Outcome:
    """What a payment's status means; refunds do not change it."""
    match payment["status"]:
        case "captured" | "refunded":
            return Approved(payment["id"])
        case "authorized":
            return Pending(payment["id"])  # captured by Razorpay itself, as its order says
        case "created":
            return Pending(payment["id"])
        case _:
            reason = payment.get("error_reason") or payment.get("error_code") or payment["status"]
            return Declined(word_for(reason), reason, payment["id"])


def of_refund(refund: Json) -> Outcome:
    """What a refund's status means."""
    match refund["status"]:
        case "processed":
            return Approved(refund["id"])
        case "pending":
            return Pending(refund["id"])
        case status:
            return Declined(DeclineCode.OTHER, status, refund["id"])


def of_link(link: Json) -> Outcome:
    """What a payment link came to; whose card was refused on it may take another."""
    match link["status"]:
        case "paid":
            paid = [
                one["payment_id"] for one in link.get("payments") or [] if one.get("status") == "captured"
            ]
            return Approved(paid[-1]) if paid else Pending(link["id"])
        case "expired" | "cancelled":
            return Declined(DeclineCode.OTHER, PAGE_OVER, link["id"])
        case _:
            return RequiresAction(link["id"], link.get("short_url") or "")


def _refused(error: Json, status: int, ref: str) -> Failed:
    reason = str(error.get("reason") or "")
    said = str(error.get("description") or "")
    if _SAME_KEY in said:
        return Unknown("the key was used for another order")
    if is_refusal(reason):
        made = (error.get("metadata") or {}).get("payment_id") or ref
        return Declined(word_for(reason), reason, made)
    code = str(error.get("code") or status)
    if ref:
        return Declined(DeclineCode.NOT_SUPPORTED, code, ref)
    return NotAttempted(f"Razorpay did not take the order: {code} {said[:120]}".rstrip())
