"""Which facts are told to webhooks, under which topic, and with which data."""

from collections.abc import Mapping, Sequence
from typing import Final

from core.errors import BadInput
from core.events import CallEnded, CallHandedOver, CallStarted, Fact, LinkMoved, PaymentMoved
from payments.webhooks.outbox import JsonValue

ALL: Final = "*"

_PAYMENT: Final = {
    "authorized": "payment.authorized",
    "captured": "payment.settled",
    "declined": "payment.declined",
    "not_attempted": "payment.not_attempted",
    "unknown": "payment.unconfirmed",
    "voided": "payment.voided",
    "partially_refunded": "payment.refunded",
    "refunded": "payment.refunded",
    "disputed": "payment.disputed",
    "charged_back": "payment.charged_back",
}
_LINK: Final = {
    state: f"link.{state}" for state in ("created", "sent", "opened", "paid", "expired", "cancelled")
}

TOPICS: Final = tuple(
    sorted({"call.started", "call.ended", "call.handed_over", *_PAYMENT.values(), *_LINK.values()})
)
"""Everything that an endpoint may ask for; `payment.*` asks for all of payments, `*` for everything."""


def told(fact: Fact) -> tuple[str, Mapping[str, JsonValue]] | None:
    """The topic and the data of a fact; None for one that stays in the house. No caller's number goes out."""
    match fact:
        case CallStarted():
            return "call.started", {"call": fact.call, "number": fact.number, "flow": fact.flow}
        case CallEnded():
            return "call.ended", {
                "call": fact.call,
                "outcome": fact.outcome,
                "cause": fact.cause,
                "seconds": fact.seconds,
            }
        case CallHandedOver():
            return "call.handed_over", {"call": fact.call, "result": fact.result}
        case PaymentMoved() if fact.state in _PAYMENT:
            return _PAYMENT[fact.state], {
                "payment": fact.payment,
                "call": fact.call,
                "state": fact.state,
                "amount_minor": fact.amount_minor,
                "currency": fact.currency,
                "gateway": fact.gateway,
            }
        case LinkMoved() if fact.state in _LINK:
            return _LINK[fact.state], {
                "link": fact.link,
                "call": fact.call,
                "state": fact.state,
                "amount_minor": fact.amount_minor,
                "currency": fact.currency,
                "payment": fact.payment,
            }
        case _:
            return None


def wants(topics: Sequence[str], topic: str) -> bool:
    """Whether somebody who asked for `topics` is told of this one."""
    return any(one in (ALL, topic, f"{topic.partition('.')[0]}.*") for one in topics)


def check_topics(topics: Sequence[str]) -> None:
    """Raises BadInput unless each is a topic, a family such as `payment.*`, or `*`."""
    known = {ALL, *TOPICS, *(f"{topic.partition('.')[0]}.*" for topic in TOPICS)}
    if not topics or set(topics) - known:
        wrong = ", ".join(sorted(set(topics) - known)) or "nothing"
        raise BadInput(f"{wrong} is no topic: there are {', '.join(sorted(known))}")
