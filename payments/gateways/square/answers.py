"""Square's answers, as outcomes."""

import json
from collections.abc import Mapping
from typing import Any

from payments.client import Said
from payments.gateway import VOIDED
from payments.gateways.square.declines import is_refusal, word_for
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, Pending, Unknown

Json = Mapping[str, Any]
Failed = Declined | NotAttempted | Unknown


def of_reply(reply: Said | NotAttempted | Unknown, name: str, ref: str = "") -> Json | Failed:
    """The object `name` of an answer, or what its failing means; `ref` is the charge's that it was about.

    A payment that failed comes along with its errors; it counts, for it has the id.
    """
    if not isinstance(reply, Said):
        return reply
    try:
        body = json.loads(reply.body or b"{}")
    except ValueError:
        return Unknown(f"Square answered {reply.status} with no JSON")
    if isinstance(body.get(name), dict):
        found: Json = body[name]
        return found
    errors = [str(error.get("code", "")) for error in body.get("errors") or []]
    return _refused(errors[0] if errors else str(reply.status), ref)


def of_payment(payment: Json) -> Outcome:
    """What a payment's status means; refunds do not change it."""
    match payment["status"]:
        case "COMPLETED":
            return Approved(payment["id"])
        case "APPROVED":
            return Approved(payment["id"], captured=False)
        case "PENDING":
            return Pending(payment["id"])
        case "CANCELED":
            return Declined(DeclineCode.OTHER, VOIDED, payment["id"])
        case status:
            errors = (payment.get("card_details") or {}).get("errors") or []
            code = str(errors[0]["code"]) if errors else status
            return Declined(word_for(code), code, payment["id"])


def of_refund(refund: Json) -> Outcome:
    """What a refund's status means."""
    match refund["status"]:
        case "COMPLETED":
            return Approved(refund["id"])
        case "PENDING":
            return Pending(refund["id"])
        case status:
            return Declined(DeclineCode.OTHER, status, refund["id"])


def _refused(code: str, ref: str) -> Failed:
    if code == "IDEMPOTENCY_KEY_REUSED":
        return Unknown("the key was used for another order")
    if ref:
        return Declined(DeclineCode.NOT_SUPPORTED, code, ref)
    if is_refusal(code):
        return Declined(word_for(code), code)
    return NotAttempted(f"Square did not take the order: {code}")
