"""PayPal's answers, as outcomes."""

import json
from collections.abc import Mapping
from typing import Any, Final

from payments.client import Said
from payments.gateway import VOIDED
from payments.gateways.paypal.declines import is_refusal, word_for
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

_OK: Final = frozenset({200, 201})
_SAME_KEY: Final = frozenset({"DUPLICATE_REQUEST_ID", "DUPLICATE_INVOICE_ID", "PREVIOUS_REQUEST_IN_PROGRESS"})


def object_in(reply: Said) -> Json:
    """The JSON of an answer; empty where there is none."""
    try:
        read = json.loads(reply.body or b"{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def of_reply(reply: Said | NotAttempted | Unknown, ref: str = "") -> Json | Failed:
    """The object of an answer, or what its failing means; `ref` is the charge's that it was about, if any."""
    if not isinstance(reply, Said):
        return reply
    body = object_in(reply)
    if reply.status in _OK:
        return body or Unknown(f"PayPal answered {reply.status} with nothing in it")
    issues = [str(detail.get("issue", "")) for detail in body.get("details") or []]
    return _refused(issues[0] if issues else str(body.get("name") or reply.status), ref)


def of_order(order: Json) -> Outcome:
    """What an order came to: its newest capture, else its newest authorization."""
    payments = (order.get("purchase_units") or [{}])[0].get("payments") or {}
    if captures := payments.get("captures"):
        return of_capture(captures[-1])
    if authorizations := payments.get("authorizations"):
        return of_authorization(authorizations[-1])
    if order.get("status") == "PAYER_ACTION_REQUIRED":
        return RequiresAction(order["id"], approval(order))
    return NotAttempted(f"the order {order.get('id')} was never paid")


def approval(order: Json) -> str:
    """Where a payer approves an order; empty where nobody has to."""
    links = {link["rel"]: link["href"] for link in order.get("links") or []}
    return str(links.get("payer-action") or links.get("approve") or "")


def of_capture(capture: Json) -> Outcome:
    """What a capture's status means; refunds do not change it."""
    match capture["status"]:
        case "COMPLETED" | "PARTIALLY_REFUNDED" | "REFUNDED":
            return Approved(capture["id"])
        case "PENDING":
            return Pending(capture["id"])
        case _:
            return _declined(capture)


def of_authorization(held: Json) -> Outcome:
    """What an authorization's status means, as long as nothing was captured of it."""
    match held["status"]:
        case "CREATED":
            return Approved(held["id"], captured=False)
        case "PENDING":
            return Pending(held["id"])
        case "VOIDED":
            return Declined(DeclineCode.OTHER, VOIDED, held["id"])
        case _:
            return _declined(held)


def of_refund(refund: Json) -> Outcome:
    """What a refund's status means."""
    match refund["status"]:
        case "COMPLETED":
            return Approved(refund["id"])
        case "PENDING":
            return Pending(refund["id"])
        case status:
            return Declined(DeclineCode.OTHER, status, refund["id"])


def _refused(issue: str, ref: str) -> Failed:
    if issue in _SAME_KEY:
        return Unknown(f"the key was used for another order, or is at work ({issue})")
    if ref:
        return Declined(DeclineCode.NOT_SUPPORTED, issue, ref)
    if is_refusal(issue):
        return Declined(word_for(issue), issue)
    return NotAttempted(f"PayPal did not take the order: {issue}")


def _declined(made: Json) -> Declined:
    code = (made.get("processor_response") or {}).get("response_code") or made["status"]
    return Declined(word_for(code), code, made["id"])
