"""Which facts are told to webhooks, under which topic, and with which data."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Final

from core.errors import BadInput
from core.events import (
    Answered,
    CallEnded,
    CallerUpset,
    CallHandedOver,
    CallStarted,
    CaptureEnded,
    CardProgress,
    CardRefused,
    Fact,
    LinkMoved,
    PaymentMoved,
    Pressed,
    RecordingBegan,
    RequestMoved,
    Said,
    SaidAll,
    SpeaksLanguage,
    Spoke,
    StepReached,
)
from payments.webhooks.outbox import JsonValue

ALL: Final = "*"

CLOSE: Final = frozenset({"capture", "conversation"})
"""Families that tell of each word and key, many for a call: asked for by name, and not in `*`."""

_STAYS: Final = frozenset({"caller", "to", "text", "value", "detail"})

_OF: Final[Mapping[type[Fact], str]] = {
    CallStarted: "call.started",
    CallEnded: "call.ended",
    CallHandedOver: "call.handed_over",
    RecordingBegan: "conversation.recorded",
    StepReached: "conversation.step",
    Said: "conversation.said",
    SaidAll: "conversation.said_all",
    Pressed: "conversation.pressed",
    Spoke: "conversation.spoke",
    Answered: "conversation.answered",
    SpeaksLanguage: "conversation.language",
    CallerUpset: "conversation.upset",
    CardProgress: "capture.progress",
    CardRefused: "capture.refused",
    CaptureEnded: "capture.ended",
}
_PAYMENT: Final = {
    "pending": "payment.pending",
    "action_required": "payment.action_required",
    "authorized": "payment.authorized",
    "capturing": "payment.capturing",
    "voiding": "payment.voiding",
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
_REQUEST: Final = {state: f"request.{state}" for state in ("made", "done")}

TOPICS: Final = tuple(sorted({*_OF.values(), *_PAYMENT.values(), *_LINK.values(), *_REQUEST.values()}))
"""Everything that an endpoint may ask for: the same facts as are told live (api.live)."""

ASKED_FOR: Final = (ALL, *sorted({f"{topic.partition('.')[0]}.*" for topic in TOPICS}), *TOPICS)
"""What may be asked for: `*`, a family such as `payment.*`, or a topic."""


def topic_of(fact: Fact) -> str | None:
    """The topic of a fact; None for a state that has none."""
    match fact:
        case PaymentMoved():
            return _PAYMENT.get(fact.state)
        case LinkMoved():
            return _LINK.get(fact.state)
        case RequestMoved():
            return _REQUEST.get(fact.state)
        case _:
            return _OF[type(fact)]


def kind_of(topic: str) -> type[Fact]:
    """The kind of fact that a topic is about."""
    families: Mapping[str, type[Fact]] = {
        "payment": PaymentMoved,
        "link": LinkMoved,
        "request": RequestMoved,
    }
    known = {told: kind for kind, told in _OF.items()}
    return known.get(topic) or families[topic.partition(".")[0]]


def told_fields(kind: type[Fact]) -> tuple[str, ...]:
    """What goes out of a fact. No number of a caller does, and no word of what was said."""
    return tuple(field.name for field in fields(kind) if field.name not in _STAYS)


def data_of(fact: Fact) -> Mapping[str, JsonValue]:
    """The data of a fact's event."""
    return {name: getattr(fact, name) for name in told_fields(type(fact))}


def is_close(topic: str) -> bool:
    """Whether it tells of each word or key."""
    return topic.partition(".")[0] in CLOSE


def wants(topics: Sequence[str], topic: str) -> bool:
    """Whether somebody who asked for `topics` is told of this one."""
    asked = {topic, f"{topic.partition('.')[0]}.*", *(() if is_close(topic) else (ALL,))}
    return not asked.isdisjoint(topics)


def check_topics(topics: Sequence[str]) -> None:
    """Raises BadInput unless each is a topic, a family such as `payment.*`, or `*`."""
    if not topics or set(topics) - set(ASKED_FOR):
        wrong = ", ".join(sorted(set(topics) - set(ASKED_FOR))) or "nothing"
        raise BadInput(f"{wrong} is no topic: there are {', '.join(ASKED_FOR)}")
