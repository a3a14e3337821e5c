"""A breaker: who failed several times in a row is left alone for a while, then tried once (Nygard)."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many failures in a row open it, and for how long; each trial that fails doubles that."""

    failures: int = 5
    open_s: float = 30.0
    longest_s: float = 900.0


class Breaker:
    """The breaker of one operation of one gateway; it lives on the times that it is given."""

    def __init__(self, tolerance: Tolerance) -> None:
        self._tolerance = tolerance
        self._failures = 0
        self._until: datetime | None = None

    def note(self, at: datetime, *, broken: bool) -> None:
        """Take an answer in. Whatever works closes it."""
        if not broken:
            self._failures, self._until = 0, None
            return
        self._failures += 1
        if self._failures >= self._tolerance.failures:
            self._until = at + self._open_for

    def open_until(self, now: datetime) -> datetime | None:
        """When it may be tried again; None when it may be asked now."""
        return self._until if self._until is not None and now < self._until else None

    def tried(self, now: datetime) -> None:
        """Somebody is about to ask: where that is a trial, nobody else asks before its answer."""
        if self._until is not None and now >= self._until:
            self._until = now + self._open_for

    @property
    def _open_for(self) -> timedelta:
        doubled = self._tolerance.open_s * 2.0 ** min(max(self._failures - self._tolerance.failures, 0), 30)
        return timedelta(seconds=min(doubled, self._tolerance.longest_s))
