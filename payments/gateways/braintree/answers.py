"""Braintree's answers, as outcomes."""

from collections.abc import Mapping
from typing import Any

from payments.client import Said
from payments.gateway import VOIDED
from payments.gateways.braintree.declines import word_for
from payments.gateways.braintree.xml import read
from payments.outcome import (
    Approved,
    DeclineCode,
    Declined,
    NotAttempted,
    Outcome,
    Pending,
    Unknown,
)

Json = Mapping[str, Any]

_NOT_FOUND = 404
_TAKEN = frozenset({"submitted_for_settlement", "settling", "settled", "settlement_pending"})
_HELD = frozenset({"authorized"})
_UNDECIDED = frozenset({"authorizing", "settlement_confirmed"})
_SAME_KEY = frozenset({"915232", "915233", "915234", "915235"})
"""The key belongs to another order, is in flight, or went wrong at Braintree: only a lookup may tell."""


def of_transaction(found: Json) -> Outcome:
    """What a status means (braintree/docs/reference/general/statuses)."""
    ref, status = found["id"], found["status"]
    if status in _TAKEN:
        return Approved(ref)
    if status in _HELD:
        return Approved(ref, captured=False)
    if status in _UNDECIDED:
        return Pending(ref)
    if status == "voided":
        return Declined(DeclineCode.OTHER, VOIDED, ref)
    code = _reason(found, status)
    return Declined(word_for(code), code, ref)


def of_reply(reply: Said | NotAttempted | Unknown, ref: str = "") -> Outcome:
    """The outcome of an order; `ref` is the transaction's that it was about, empty for a new charge."""
    if not isinstance(reply, Said):
        return reply
    try:
        body = read(reply.body) if reply.body.strip() else {}
    except ValueError:
        return Unknown(f"Braintree answered {reply.status} with no XML")
    if found := body.get("transaction"):
        return of_transaction(found)
    if reply.status == _NOT_FOUND:
        return Declined(DeclineCode.NOT_SUPPORTED, "not_found", ref) if ref else NotAttempted("not found")
    return _refused(body.get("api_error_response") or {}, reply.status, ref)


def codes(errors: object) -> list[str]:
    """All codes of validation errors, however deep."""
    if isinstance(errors, Mapping):
        own = [errors["code"]] if isinstance(errors.get("code"), str) else []
        return own + [code for part in errors.values() for code in codes(part)]
    return [code for part in errors for code in codes(part)] if isinstance(errors, list) else []


def _refused(error: Json, status: int, ref: str) -> Outcome:
    if found := error.get("transaction"):
        return of_transaction(found)
    known = codes(error.get("errors"))
    if _SAME_KEY & set(known):
        return Unknown("the key was used for another order, or for one that is not decided")
    code = known[0] if known else str(status)
    if ref:
        return Declined(DeclineCode.NOT_SUPPORTED, code, ref)
    return NotAttempted(f"Braintree did not take the order: {code}")


def _reason(found: Json, status: str) -> str:
    match status:
        case "gateway_rejected":
            return str(found.get("gateway_rejection_reason") or status)
        case "settlement_declined":
            return str(found.get("processor_settlement_response_code") or status)
        case _:
            return str(found.get("processor_response_code") or status)
