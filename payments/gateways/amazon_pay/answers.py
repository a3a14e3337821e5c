"""Amazon Pay's answers, as outcomes: https://developer.amazon.com/docs/amazon-pay-api-v2/charge.html."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from payments.client import Said
from payments.gateway import PAGE_OVER, VOIDED
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

NOT_YET: Final = "InvalidCheckoutSessionStatus"
"""The payer has not said yes."""

_OK: Final = frozenset({200, 201, 202})
_REASONS: Mapping[str, DeclineCode] = MappingProxyType(
    {
        "SoftDeclined": DeclineCode.DO_NOT_HONOR,
        "HardDeclined": DeclineCode.DO_NOT_HONOR,
        "Declined": DeclineCode.DO_NOT_HONOR,
        "AmazonRejected": DeclineCode.SUSPECTED_FRAUD,
        "AmazonCanceled": DeclineCode.SUSPECTED_FRAUD,
        "ProcessingFailure": DeclineCode.PROCESSING_ERROR,
        "TransactionTimedOut": DeclineCode.PROCESSING_ERROR,
        "BuyerCanceled": DeclineCode.OTHER,
    }
)


def of_reply(reply: Said | NotAttempted | Unknown, ref: str = "") -> Json | Failed:
    """The object of an answer, or what its failing means; `ref` is what it was about, if anything."""
    if not isinstance(reply, Said):
        return reply
    try:
        body = json.loads(reply.body or b"{}")
    except ValueError:
        return Unknown(f"Amazon Pay answered {reply.status} with no JSON")
    if reply.status in _OK:
        return (
            body if isinstance(body, dict) else Unknown(f"Amazon Pay answered {reply.status} with no object")
        )
    code = str(body.get("reasonCode") or reply.status)
    if code == "DuplicateIdempotencyKey":
        return Unknown("the key was used for another order")
    if ref:
        return Declined(_REASONS.get(code, DeclineCode.NOT_SUPPORTED), code, ref)
    return NotAttempted(f"Amazon Pay did not take the order: {code}")


def of_session(session: Json) -> Outcome:
    """What a checkout session came to, as long as it has no charge."""
    ref, status = session["checkoutSessionId"], session["statusDetails"]
    if status["state"] == "Canceled":
        reason = str(status.get("reasonCode") or "Canceled")
        if reason == "Expired":
            return Declined(DeclineCode.OTHER, PAGE_OVER, ref)
        return Declined(_REASONS.get(reason, DeclineCode.OTHER), reason, ref)
    return RequiresAction(ref, (session.get("webCheckoutDetails") or {}).get("amazonPayRedirectUrl") or "")


def of_charge(charge: Json) -> Outcome:
    """What a charge's state means; refunds do not change it."""
    ref, status = charge["chargeId"], charge["statusDetails"]
    match status["state"]:
        case "Captured":
            return Approved(ref)
        case "Authorized":
            return Approved(ref, captured=False)
        case "AuthorizationInitiated" | "CaptureInitiated":
            return Pending(ref)
        case "Canceled":
            return Declined(DeclineCode.OTHER, VOIDED, ref)
        case state:
            reason = str(status.get("reasonCode") or state)
            return Declined(_REASONS.get(reason, DeclineCode.OTHER), reason, ref)


def of_refund(refund: Json) -> Outcome:
    """What a refund's state means."""
    ref, status = refund["refundId"], refund["statusDetails"]
    match status["state"]:
        case "Refunded":
            return Approved(ref)
        case "RefundInitiated":
            return Pending(ref)
        case state:
            return Declined(DeclineCode.OTHER, str(status.get("reasonCode") or state), ref)
