"""Purchases that wait for a person, and what the person decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Protocol

from core.ids import AccountId, AttemptId, CallId
from core.money import Money
from payments.fraud.keys import Mark


class Standing(Enum):
    """Where a review stands."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Review:
    """A purchase that a person looks at. Nothing was charged for it."""

    attempt: AttemptId
    at: datetime
    account: AccountId
    call: CallId | None
    amount: Money
    brand: str
    last4: str
    score: float
    reasons: tuple[str, ...]
    model: str
    marks: tuple[Mark, ...]
    standing: Standing = Standing.OPEN
    decided_by: str = ""
    decided_at: datetime | None = None
    note: str = ""


class Reviews(Protocol):
    """Where they are kept. Raises StoreLost when it does not answer."""

    async def add(self, reviews: Sequence[Review]) -> None:
        """Write open ones down; one that is known already stays as it is."""
        ...

    async def open(self, limit: int = 50) -> list[Review]:
        """Those that wait, oldest first."""
        ...

    async def find(self, attempt: AttemptId) -> Review | None:
        """One of them, decided or not."""
        ...

    async def decide(
        self, attempt: AttemptId, standing: Standing, by: str, note: str, at: datetime
    ) -> Review | None:
        """Decide an open one, and write in the audit trail who did; None when it is not open."""
        ...


class MemoryReviews:
    """Reviews that are forgotten when the process ends."""

    def __init__(self) -> None:
        self._reviews: dict[AttemptId, Review] = {}

    async def add(self, reviews: Sequence[Review]) -> None:
        """As the protocol says."""
        for one in reviews:
            self._reviews.setdefault(one.attempt, one)

    async def open(self, limit: int = 50) -> list[Review]:
        """As the protocol says."""
        waiting = [one for one in self._reviews.values() if one.standing is Standing.OPEN]
        return sorted(waiting, key=lambda one: (one.at, one.attempt))[:limit]

    async def find(self, attempt: AttemptId) -> Review | None:
        """As the protocol says."""
        return self._reviews.get(attempt)

    async def decide(
        self, attempt: AttemptId, standing: Standing, by: str, note: str, at: datetime
    ) -> Review | None:
        """As the protocol says."""
        found = self._reviews.get(attempt)
        if found is None or found.standing is not Standing.OPEN:
            return None
        decided = replace(found, standing=standing, decided_by=by, note=note, decided_at=at)
        self._reviews[attempt] = decided
        return decided
