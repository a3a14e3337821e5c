"""Calls that are over, counted by the hour as their facts come; each is counted once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import anyio
import structlog
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import StoreLost
from core.events import CallStarted, Recorded
from db.call_hour_tables import call_hours, call_hours_upto
from db.engine import Work
from db.fact_rows import KEPT, recorded_of
from db.tables import facts
from ivr.figures import figures

log = structlog.get_logger(__name__)

_BATCH: Final = 500
_EVERY_S: Final = 10.0
_GAVE_UP: Final = frozenset({"hung_up", "no_input", "no_match", "too_long"})
_ENDED: Final = text("""
    SELECT seq, call, body->>'outcome' AS outcome FROM facts
     WHERE kind = 'call_ended' AND seq > :seq ORDER BY seq LIMIT :batch
""")

Counts = Counter[tuple[datetime, str, str]]


class CallHours:
    """Counts. Any number of nodes may run one: they take turns."""

    def __init__(self, work: Work, batch: int = _BATCH) -> None:
        self._work, self._batch = work, batch

    async def run(self) -> None:
        """Count what ends, until cancelled; waits out a lost database."""
        while True:
            try:
                await self.catch_up()
            except StoreLost as lost:
                log.warning("calls are not counted for now: the database is away", why=str(lost))
            await anyio.sleep(_EVERY_S)

    async def catch_up(self) -> None:
        """Count all that ended."""
        while await self._some() == self._batch:
            await anyio.lowlevel.checkpoint()

    async def _some(self) -> int:
        async with self._work.begin() as tx:
            seq: int = (await tx.execute(select(call_hours_upto.c.seq).with_for_update())).scalar_one()
            ended = (await tx.execute(_ENDED, {"seq": seq, "batch": self._batch})).all()
            if not ended:
                return 0
            counts = Counts()
            outcomes = {row.call: row.outcome for row in ended}
            for call, told in (await _facts(tx, list(outcomes))).items():
                _count(counts, told, outcomes[call])
            await _add(tx, counts)
            await tx.execute(update(call_hours_upto).values(seq=ended[-1].seq))
        return len(ended)


async def _facts(tx: AsyncConnection, names: Sequence[str]) -> dict[str, list[Recorded]]:
    query = select(*KEPT).where(facts.c.call.in_(names)).order_by(facts.c.seq)
    found: dict[str, list[Recorded]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.call, []).append(recorded_of(*row))
    return found


def _count(counts: Counts, told: Sequence[Recorded], outcome: str) -> None:
    began = next((one.at for one in told if isinstance(one.fact, CallStarted)), told[0].at)
    hour = began.replace(minute=0, second=0, microsecond=0)
    did = figures(told)
    counts[hour, "calls", ""] += 1
    counts[hour, "handed_over", ""] += did.handed_over
    if outcome in _GAVE_UP:
        counts[hour, "gave_up", did.left_at] += 1
    for took_ms in did.turn_ms:
        counts[hour, "turn", str(rounded(took_ms))] += 1
    for what, counted in (("asked", did.asked), ("understood", did.understood)):
        for question, number in counted.items():
            counts[hour, what, question] += number


def rounded(took_ms: int) -> int:
    """A turn's length as it is counted: to 10 ms below one second, to 1 in a hundred above; at most 60 s."""
    step_ms = 10 if took_ms < 1000 else 100 if took_ms < 10_000 else 1000
    return min(60_000, round(took_ms / step_ms) * step_ms)


async def _add(tx: AsyncConnection, counts: Counts) -> None:
    rows = [
        {"hour": hour, "what": what, "name": name, "number": number}
        for (hour, what, name), number in sorted(counts.items())
        if number
    ]
    new = insert(call_hours)
    more = {"number": call_hours.c.number + new.excluded.number}
    await tx.execute(new.on_conflict_do_update(index_elements=["hour", "what", "name"], set_=more), rows)
