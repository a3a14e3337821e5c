"""What the API stands on: the rooms it looks into, given once at the start."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from api.broadcast import Broadcast
from ivr.capture.captures import Captures
from ivr.sessions import Sessions
from pbx.call import Call, NotReached
from pbx.switch import Dial


@dataclass(frozen=True, slots=True)
class PartHealth:
    """One part of the line: whether it works, and what it says of itself."""

    name: str
    up: bool
    about: str


@dataclass(frozen=True, slots=True)
class Services:
    """The rooms that the API looks into; `metrics` gives the page for Prometheus, `place` calls somebody."""

    sessions: Sessions
    facts: Broadcast
    health: Callable[[], Awaitable[list[PartHealth]]]
    metrics: Callable[[], bytes]
    place: Callable[[Dial], Awaitable[Call | NotReached]]
    captures: Captures
