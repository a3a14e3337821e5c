"""What one may hear of live: topics, and which of them a fact belongs to."""

from typing import Final

from core.errors import BadInput
from core.events import Fact, LinkMoved, PaymentMoved

ALL: Final = "*"
FAMILIES: Final = ("calls", "links", "payments")
"""All that happens on calls but what moves money; and that by itself."""

_CALL: Final = "call:"
_CALLER: Final = "caller:"
_MOST: Final = 100
_LONGEST: Final = 100


def family_of(fact: Fact) -> str:
    """The one family that a fact belongs to."""
    match fact:
        case PaymentMoved():
            return "payments"
        case LinkMoved():
            return "links"
        case _:
            return "calls"


def of_call(call: str) -> str:
    """The topic of one call."""
    return f"{_CALL}{call}"


def of_caller(caller: str) -> str:
    """The topic of the calls that one caller begins; nobody asks for it by name."""
    return f"{_CALLER}{caller}"


def is_callers(topic: str) -> bool:
    """Whether a topic is a caller's."""
    return topic.startswith(_CALLER)


def topics_of(fact: Fact) -> tuple[str, ...]:
    """All topics under which a fact is told."""
    own = (of_call(fact.call),) if fact.call else ()
    return (ALL, family_of(fact), *own)


def call_of(topic: str) -> str:
    """The call that a topic is about; empty for another topic."""
    return topic.removeprefix(_CALL) if topic.startswith(_CALL) else ""


def check_topics(topics: list[str]) -> frozenset[str]:
    """Raises BadInput unless each is a topic: `*`, a family, or `call:ID`."""
    if not 0 < len(topics) <= _MOST:
        raise BadInput(f"name 1 to {_MOST} topics")
    for topic in topics:
        if topic not in (ALL, *FAMILIES) and not (call_of(topic) and len(topic) <= _LONGEST):
            raise BadInput(f"{topic[:40]!r} is no topic: there are *, {', '.join(FAMILIES)} and call:ID")
    return frozenset(topics)
