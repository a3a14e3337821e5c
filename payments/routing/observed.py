"""What was observed of gateways, and the store that keeps it for all nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from core.clock import Clock
from core.money import Money
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
from payments.purchase import Method, Operation
from payments.route import Happened


class Result(Enum):
    """What an outcome says of the gateway."""

    GOOD = "good"
    REFUSED = "refused"  # the bank's word; the gateway is well
    BROKEN = "broken"  # no answer, or its own trouble


@dataclass(frozen=True, slots=True)
class Observation:
    """One answer of one gateway, with what was known before it was asked. `took_s` is how long it took."""

    at: datetime
    gateway: str
    operation: Operation
    result: Result
    amount: Money
    method: Method
    brand: str = ""
    region: str = ""
    took_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Kept:
    """An observation as the store has it; `id` tells the same one from another."""

    id: int
    observation: Observation


class Observations(Protocol):
    """Where all nodes keep what they observed; each node has its own. Raises StoreLost when it is away.

    What was added when StoreLost came may have been written all the same.
    """

    async def add(self, observed: Sequence[Observation]) -> None:
        """Write down what this node observed."""
        ...

    async def others(self, within: timedelta) -> list[Kept]:
        """What the other nodes wrote within that time, by the store's clock, oldest first."""
        ...

    async def latest(self, limit: int) -> list[Kept]:
        """The newest of all nodes, oldest first."""
        ...

    async def forget(self, older_than: timedelta) -> int:
        """Remove what was written longer ago; how many."""
        ...


def observation(happened: Happened, at: datetime) -> Observation:
    """What an answer tells."""
    purchase = happened.purchase
    return Observation(
        at,
        happened.gateway,
        happened.operation,
        result_of(happened.outcome),
        purchase.amount,
        purchase.method,
        purchase.brand,
        purchase.region,
        happened.took_s,
    )


def result_of(outcome: Outcome) -> Result:
    """Whether it went well, the bank said no, or the gateway is in trouble."""
    match outcome:
        case Approved() | Pending():
            return Result.GOOD
        case Declined(code=DeclineCode.PROCESSING_ERROR) | Unknown() | NotAttempted():
            return Result.BROKEN
        case Declined() | RequiresAction():
            return Result.REFUSED


@dataclass(frozen=True, slots=True)
class _Row:
    node: str
    written_at: datetime
    kept: Kept


class MemoryObservations:
    """Observations that are forgotten when the process ends; nodes that share `rows` share them."""

    def __init__(self, clock: Clock, node: str = "node-1", rows: "list[_Row] | None" = None) -> None:
        self._clock, self._node = clock, node
        self._rows = rows if rows is not None else []

    def beside(self, node: str) -> "MemoryObservations":
        """The same, as another node has it."""
        return MemoryObservations(self._clock, node, self._rows)

    async def add(self, observed: Sequence[Observation]) -> None:
        """Write down what this node observed."""
        first = self._rows[-1].kept.id + 1 if self._rows else 1
        now = self._clock.now()
        self._rows += [_Row(self._node, now, Kept(number, one)) for number, one in enumerate(observed, first)]

    async def others(self, within: timedelta) -> list[Kept]:
        """What the other nodes wrote within that time."""
        since = self._clock.now() - within
        return [row.kept for row in self._rows if row.node != self._node and row.written_at >= since]

    async def latest(self, limit: int) -> list[Kept]:
        """The newest of all nodes, oldest first."""
        return [row.kept for row in self._rows[-limit:]]

    async def forget(self, older_than: timedelta) -> int:
        """Remove what was written longer ago."""
        since, had = self._clock.now() - older_than, len(self._rows)
        self._rows[:] = [row for row in self._rows if row.written_at >= since]
        return had - len(self._rows)
