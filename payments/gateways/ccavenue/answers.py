"""CCAvenue's answers, as outcomes: its API guide, "Order Status Tracker" and "Refund"."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from core.errors import BadInput
from core.money import Money
from payments.client import Said
from payments.decline_words import word_in
from payments.gateways.ccavenue.account import CAPABILITIES
from payments.gateways.ccavenue.secrecy import decrypted
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, Pending, Unknown

Json = Mapping[str, Any]

_TAKEN: Final = frozenset({"shipped", "successful", "success", "refunded", "systemrefund", "chargeback"})
_OPEN: Final = frozenset({"initiated", "awaited"})
_GIVEN_UP: Final = frozenset({"aborted", "cancelled", "auto-cancelled", "auto-reversed", "timeout"})
NOBODY: Final = "51419"
"""The error code of what CCAvenue did not find."""


def of_reply(reply: Said | NotAttempted | Unknown, working_key: str) -> Json | Unknown | NotAttempted:
    """The JSON inside an answer; `status=1` is an answer in plain words that nothing was understood."""
    if not isinstance(reply, Said):
        return reply
    told = dict(parse_qsl(reply.body.decode("utf-8", "replace"), keep_blank_values=True))
    inside = told.get("enc_response", "").strip()
    if told.get("status") != "0":
        return NotAttempted(
            f"CCAvenue did not take the request: {inside[:120]} {told.get('enc_error_code', '')}"
        )
    try:
        read = json.loads(decrypted(inside, working_key))
    except ValueError:
        return Unknown(f"CCAvenue answered {reply.status} with what the working key does not open")
    return read if isinstance(read, dict) else Unknown(f"CCAvenue answered {reply.status} with no object")


def of_order(order: Json) -> Outcome:
    """What an order's status means; refunds and disputes do not change it.

    What was taken is told: a payer's browser carried the order, and its encryption can be tampered with.
    """
    status, ref = str(order.get("order_status", "")), str(order.get("reference_no", ""))
    if status.lower() in _TAKEN:
        return Approved(ref, amount=_amount(order))
    if status:
        return _of_status(status, ref, str(order.get("order_bank_response") or ""))
    if str(order.get("error_code", "")) == NOBODY or str(order.get("status")) == "1":
        return NotAttempted("CCAvenue never heard of it")
    return Unknown("CCAvenue told no status")


def of_refund(answer: Json, order: str, ref: str) -> Outcome:
    """What an order to refund came to; `order` is our reference of it, which is all the name it has."""
    if str(answer.get("refund_status")) == "0":
        return Approved(order)
    return Declined(
        DeclineCode.NOT_SUPPORTED, str(answer.get("error_code") or answer.get("reason") or ""), ref
    )


def _of_status(status: str, ref: str, said: str) -> Outcome:
    match status.lower():
        case word if word in _OPEN:
            return Pending(ref)
        case word if word in _GIVEN_UP:
            return Declined(DeclineCode.OTHER, status, ref)
        case "fraud":
            return Declined(DeclineCode.SUSPECTED_FRAUD, status, ref)
        case _:
            return Declined(word_in(said) if said else DeclineCode.DO_NOT_HONOR, said or status, ref)


def _amount(order: Json) -> Money | None:
    try:
        return CAPABILITIES.currencies.parse(str(order["order_amt"]), str(order["order_currncy"]))
    except (KeyError, BadInput):
        return None
