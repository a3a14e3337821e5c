"""What webhooks carry (payments.webhooks.topics), as schemas for the document."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, create_model

from payments.webhooks.topics import TOPICS


class CallStartedData(BaseModel, extra="forbid"):
    """A call began; no caller's number goes out."""

    call: str
    number: str
    flow: str


class CallEndedData(BaseModel, extra="forbid"):
    """A call is over: what it came to, and the telephone reason."""

    call: str
    outcome: str
    cause: str
    seconds: float


class CallHandedOverData(BaseModel, extra="forbid"):
    """A call went on to a person or another number."""

    call: str
    result: str


class PaymentData(BaseModel, extra="forbid"):
    """A payment reached a state."""

    payment: str
    call: str | None
    state: str
    amount_minor: int
    currency: str
    gateway: str


class LinkData(BaseModel, extra="forbid"):
    """A payment link reached a state; `payment` is empty until somebody pays."""

    link: str
    call: str | None
    state: str
    amount_minor: int
    currency: str
    payment: str


def data_of(topic: str) -> type[BaseModel]:
    """The schema of a topic's data."""
    match topic.partition("."):
        case "payment", _, _:
            return PaymentData
        case "link", _, _:
            return LinkData
        case _:
            return _CALLS[topic]


_CALLS: Final[dict[str, type[BaseModel]]] = {
    "call.started": CallStartedData,
    "call.ended": CallEndedData,
    "call.handed_over": CallHandedOverData,
}


def _message(data: type[BaseModel]) -> type[BaseModel]:
    topics = tuple(topic for topic in TOPICS if data_of(topic) is data)
    fields: dict[str, Any] = {  # a field of a model is its type and its default
        "type": (Literal[topics], ...),
        "timestamp": (datetime, ...),
        "data": (data, ...),
    }
    name = data.__name__.removesuffix("Data")
    return create_model(f"{name}Message", __doc__=f"{data.__doc__}", **fields)


_BY_DATA: Final = {data: _message(data) for data in {data_of(topic) for topic in TOPICS}}
MESSAGES: Final = {topic: _BY_DATA[data_of(topic)] for topic in TOPICS}
"""The schema of each topic's message."""
