"""What was asked of us on the audit log, before it is done (PCI DSS 10.2.1): no log, no access."""

from core.clock import Clock
from db.actor import Actor, acting
from db.audit import Detail, append
from db.engine import Work
from db.storable import storable

_WITHIN_S = 2.5
_LONGEST = 300


class AccessTrail:
    """Writes down who asked for what. Raises StoreLost: then it is not done."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock

    async def note(self, actor: Actor, action: str, subject: str, detail: Detail) -> None:
        """Add a row to the log; it is written when this returns."""
        told = {
            key: storable(value)[:_LONGEST] if isinstance(value, str) else value
            for key, value in detail.items()
        }
        with acting(actor):
            async with self._work.begin(within_s=_WITHIN_S) as tx:
                await append(tx, self._clock.now(), action, storable(subject)[:_LONGEST], told)
