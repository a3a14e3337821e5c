"""The time of day, given to whoever needs it so that a test can give another."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day. Waits and deadlines are anyio's business, not the clock's."""

    def now(self) -> datetime:
        """The time of day, in UTC, with its zone."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The time of day, in UTC, with its zone."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved: for tests and simulations."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """The time it was set to."""
        return self._at

    def advance(self, by: timedelta) -> None:
        """Move the hands forward."""
        self._at += by
