"""The six tools that a model or an agent's desktop calls to take a card: what they are, and what they do.

No tool is given a digit, and none gives one back: only masks, counts and words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from core.errors import BadInput
from core.ids import CallId
from ivr.capture.captures import Captures
from ivr.capture.parameters import order_of
from ivr.capture.session import PaymentSession
from payments.card import CardField
from payments.webhooks.outbox import JsonValue

_NOTHING: Final[Mapping[str, JsonValue]] = {"type": "object", "properties": {}, "additionalProperties": False}
_START: Final[Mapping[str, JsonValue]] = {
    "type": "object",
    "properties": {
        "chargeAmount": {
            "type": "string",
            "description": "What to charge, such as 125.50; 0 makes a token only.",
        },
        "currency": {"type": "string", "description": "ISO 4217, such as usd."},
        "description": {"type": "string"},
        "account": {"type": "string", "description": "The account that is credited."},
        "tokenType": {"type": "string", "enum": ["one-time", "reusable", "payment-method"]},
        "securityCode": {"type": "boolean"},
        "validCardTypes": {"type": "string", "description": "Brands with spaces between, such as visa amex."},
        "statusCallback": {"type": "string", "description": "A URL that hears of every change."},
    },
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool by its name, in words for a model, with a JSON schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, JsonValue]


START: Final = Tool(
    "start-capture",
    "Begin to take a card on this call. From here until it is finished or cancelled nobody hears the keys.",
    _START,
)
_NO_POSTAL_CODE: Final[Mapping[str, JsonValue]] = {"postalCode": False}  # no tool takes one
_STEPS: Final[Mapping[str, CardField]] = {
    "capture-card": CardField.NUMBER,
    "capture-security-code": CardField.CODE,
    "capture-expiry-date": CardField.EXPIRY,
}
TOOLS: Final = (
    START,
    Tool("capture-card", "Take the card's number from the keypad, or take it again.", _NOTHING),
    Tool("capture-security-code", "Take the security code, after the card's number.", _NOTHING),
    Tool("capture-expiry-date", "Take the month and year in which the card ends.", _NOTHING),
    Tool(
        "finish-capture",
        "Charge the card, or make a token of it, once no required field is missing.",
        _NOTHING,
    ),
    Tool("cancel-capture", "End without taking anything; every digit is overwritten.", _NOTHING),
)

_DO: Final[Mapping[str, Callable[[PaymentSession], None]]] = {
    "finish-capture": PaymentSession.complete,
    "cancel-capture": PaymentSession.cancel,
}


async def use(
    captures: Captures, call: CallId, tool: str, given: Mapping[str, JsonValue], key: str
) -> dict[str, JsonValue]:
    """Do what a tool is for; the session as it then stands, in the hosted products' fields.

    A start with the same `key` is the same session. Raises BadInput for a tool or argument that is not known,
    and what Captures and PaymentSession raise.
    """
    known = {one.name: one for one in TOOLS}
    if tool not in known:
        raise BadInput(f"there is no tool {tool!r}: there are {', '.join(known)}")
    allowed = known[tool].parameters["properties"]
    if unknown := sorted(given.keys() - (allowed.keys() if isinstance(allowed, Mapping) else set())):
        raise BadInput(f"{tool} takes no {', '.join(unknown)}")
    if tool == START.name:
        return (await captures.open(call, order_of({**_NO_POSTAL_CODE, **given}), key)).fields()
    session = captures.on(call)
    if tool in _STEPS:
        session.capture(_STEPS[tool])
    else:
        _DO[tool](session)
    return session.view.fields()
