"""An event on its way to one endpoint: what is kept of it, and when it is tried again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from random import Random
from typing import Final, NewType, Protocol

from payments.webhooks.outbox import JsonValue

EndpointId = NewType("EndpointId", str)
DeliveryId = NewType("DeliveryId", str)

_AGAIN_S: Final = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)  # Standard Webhooks, "Retries"
_JITTER: Final = 0.2


class DeliveryState(Enum):
    """How far a delivery is; an event may have several deliveries."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"  # given up; may be sent again


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Somebody who is told of `topics`. `was` is an older secret, still signed with until `was_until`."""

    id: EndpointId
    url: str
    topics: tuple[str, ...]
    created_at: datetime
    was_until: datetime | None = None
    disabled_at: datetime | None = None
    disabled_why: str = ""

    @property
    def version(self) -> int:
        """Another number after each change, that of its secret too."""
        told = [
            self.url,
            *self.topics,
            "",
            *(str(at) for at in (self.was_until, self.disabled_at)),
            self.disabled_why,
        ]
        return int.from_bytes(hashlib.sha256("\n".join(told).encode()).digest()[:7], "big")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as it is listed; `answer` is what came of the last attempt, in words."""

    id: DeliveryId
    event: str
    topic: str
    endpoint: EndpointId
    url: str
    state: DeliveryState
    attempts: int
    answer: str
    created_at: datetime
    next_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose time has come: its attempt number `attempt`, from 1; `keys` are to be signed with."""

    id: DeliveryId
    attempt: int
    event: str
    topic: str
    at: datetime
    data: Mapping[str, JsonValue]
    url: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """The receiver took it."""

    status: int


@dataclass(frozen=True, slots=True)
class Failed:
    """It did not arrive, or was not taken; `gone` when the receiver never wants to hear from us again."""

    why: str
    gone: bool = False


class Deliveries(Protocol):
    """Where deliveries are written down. Raises StoreLost when it does not answer."""

    async def due(self, job: str) -> Due | None:
        """The attempt that a job is for; None when it was made already, or is no longer wanted."""
        ...

    async def note(self, due: Due, answer: Arrived | Failed, again_s: float | None) -> None:
        """Write down what came of an attempt, with the job of the next one; None ends in the dead letters."""
        ...


def again_s(attempt: int, chance: Random) -> float | None:
    """How long after attempt number `attempt` (from 1) the next is made; None after the tenth: no more."""
    if attempt > len(_AGAIN_S):
        return None
    return _AGAIN_S[attempt - 1] * chance.uniform(1 - _JITTER, 1 + _JITTER)
