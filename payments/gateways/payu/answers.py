"""PayU's answers, as outcomes: https://docs.payu.in/reference/payment-state-explanations."""

import json
from collections.abc import Mapping
from typing import Any, Final

from payments.client import Said
from payments.gateways.payu.declines import word_for
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, Pending, Unknown

Json = Mapping[str, Any]

_QUEUED: Final = frozenset({"101", "102", "122", "126", "127", "225", "226"})
_KNOWN_TOKEN: Final = frozenset({"106", "109", "227"})
_BEGUN: Final = frozenset({"pending", "initiated", "in progress", "dropped", "auth"})


def of_reply(reply: Said | NotAttempted | Unknown) -> Json | Unknown | NotAttempted:
    """The JSON of an answer."""
    if not isinstance(reply, Said):
        return reply
    try:
        body = json.loads(reply.body)
    except ValueError:
        return Unknown(f"PayU answered {reply.status} with no JSON")
    return body if isinstance(body, dict) else Unknown(f"PayU answered {reply.status} with no object")


def of_transaction(made: Json, ref: str) -> Outcome:
    """What a transaction's status means; refunds do not change it. `ref` is its txnid, which is ours.

    One that PayU "dropped" has no answer of the bank's yet.
    """
    status, state = str(made.get("status", "")).lower(), str(made.get("unmappedstatus", "")).lower()
    if status in {"not found", ""}:
        return NotAttempted("PayU never heard of it")
    if status == "success" and state in {"captured", ""}:
        return Approved(ref)
    if status in _BEGUN or state in _BEGUN:
        return Pending(ref)
    code = str(made.get("error_code") or made.get("error") or state or status)
    said = f"{made.get('error_Message') or ''} {made.get('field9') or ''}"
    if state in {"usercancelled", "bounced"}:
        return Declined(DeclineCode.OTHER, state, ref)
    return Declined(word_for(code, said), code, ref)


def of_refund(answer: Json, ref: str) -> Outcome | None:
    """What an order to refund came to; None when its token was used before, so that it is to be looked up."""
    code = str(answer.get("error_code", ""))
    if code in _KNOWN_TOKEN:
        return None
    if code == "100":
        return Approved(str(answer.get("request_id", "")))
    if code in _QUEUED or answer.get("status") == 1:
        return Pending(str(answer.get("request_id", "")))
    return Declined(DeclineCode.NOT_SUPPORTED, code or "refused", ref)


def of_action(action: Json) -> Outcome:
    """What an action's status means, once it was asked for."""
    ref = str(action.get("request_id", ""))
    match str(action.get("status", "")).upper():
        case "SUCCESS":
            return Approved(ref)
        case "FAILURE":
            return Declined(DeclineCode.OTHER, "FAILURE", ref)
        case _:
            return Pending(ref)
