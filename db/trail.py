"""Captures on the audit trail: each is written down before the first digit is taken (PCI DSS 10.2.1)."""

from core.clock import Clock
from core.ids import CallId
from db.audit import append
from db.engine import Work

_WITHIN_S = 2.5


class CaptureTrail:
    """Says that a capture begins on a call. Raises StoreLost: then none begins."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock

    async def begins(self, call: CallId) -> None:
        """Add a row to the trail; it is written when this returns."""
        async with self._work.single(_WITHIN_S) as tx:
            await append(tx, self._clock.now(), "capture begins", call, {})
