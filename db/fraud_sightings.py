"""Sightings of marks (payments.fraud.sightings), in PostgreSQL: counted and written in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, text, update

from core.ids import AttemptId
from db.batches import Batches
from db.engine import Work
from db.fraud_tables import fraud_sightings as table
from db.rows import as_json
from payments.fraud.keys import Kind
from payments.fraud.sightings import DAY, HOUR, MOST, SHORT, WEEK, Sighting, Velocities, Velocity, partner_of

# All parts of a statement see what was there when it began: what it writes does not count for itself. Its
# commit does not wait for the disk: a server that loses power forgets half a second of sightings, and no
# attempt, payment or verdict.
_SEE = text("""
WITH asked AS (
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS one (place int, attempt text, kind text, hash text, at timestamptz, amount float, partner text)
), written AS (
    INSERT INTO fraud_sightings (attempt, kind, hash, at, amount, partner)
    SELECT attempt, kind, hash, at, amount, partner FROM asked ORDER BY attempt, kind
    ON CONFLICT DO NOTHING
)
SELECT jsonb_agg(jsonb_build_array(asked.place, asked.kind, seen.short, seen.hour, seen.day, seen.week,
                                   seen.declines_day, seen.partners_day, seen.mean_week))
  FROM (SELECT set_config('synchronous_commit', 'off', true)) AS quick, asked, LATERAL (
    SELECT count(*) FILTER (WHERE week.at > asked.at - :short) AS short,
           count(*) FILTER (WHERE week.at > asked.at - :hour) AS hour,
           count(*) FILTER (WHERE week.at > asked.at - :day) AS day,
           count(*) AS week,
           count(*) FILTER (WHERE week.declined AND week.at > asked.at - :day) AS declines_day,
           count(DISTINCT week.partner) FILTER (WHERE week.at > asked.at - :day
               AND week.partner NOT IN ('', asked.partner)) + (asked.partner <> '')::int AS partners_day,
           coalesce(avg(week.amount), 0) AS mean_week
      FROM (SELECT at, amount, partner, declined FROM fraud_sightings AS s
             WHERE s.hash = asked.hash AND s.kind = asked.kind AND s.at <= asked.at
               AND s.at > asked.at - :week AND s.attempt <> asked.attempt
             ORDER BY s.at DESC LIMIT :most) AS week
  ) AS seen
""")
_KINDS: Final = {kind.value: kind for kind in Kind}
_WINDOWS: Final = {"short": SHORT, "hour": HOUR, "day": DAY, "week": WEEK, "most": MOST}


class StoredSightings:
    """The Sightings protocol over PostgreSQL."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._batches = Batches[Sighting, Velocities](self._see)

    async def see(self, sightings: Sequence[Sighting]) -> list[Velocities]:
        """Write sightings down, and say what was seen of their marks before each: all or nothing.

        Single ones that come at the same time share a statement and a commit.
        """
        return [await self._batches.ask(sightings[0])] if len(sightings) == 1 else await self._see(sightings)

    async def declined(self, attempts: Sequence[AttemptId]) -> None:
        """Note that a bank refused them."""
        if attempts:
            refused = update(table).where(table.c.attempt.in_(attempts)).values(declined=True)
            async with self._work.begin() as tx:
                await tx.execute(refused)

    async def forget(self, before: datetime) -> int:
        """Remove older sightings; how many purchases' that were, at least one mark each."""
        old = delete(table).where(table.c.at < before).returning(table.c.attempt)
        async with self._work.begin() as tx:
            return len(set((await tx.execute(old)).scalars()))

    async def _see(self, sightings: Sequence[Sighting]) -> list[Velocities]:
        found: list[dict[Kind, Velocity]] = [{} for _ in sightings]
        if rows := _rows(sightings):
            asked = {**as_json(rows), **_WINDOWS}
            async with self._work.single() as tx:
                counted = (await tx.execute(_SEE, asked)).scalar_one()
            for place, kind, *seen in counted:
                found[place][_KINDS[kind]] = Velocity(*seen)
        return list[Velocities](found)


def _rows(sightings: Sequence[Sighting]) -> list[dict[str, object]]:
    return [
        {
            "place": place,
            "attempt": one.attempt,
            "kind": mark.kind.value,
            "hash": mark.hash,
            "at": one.at,
            "amount": one.amount,
            "partner": partner.hash if (partner := partner_of(mark, one)) else "",
        }
        for place, one in enumerate(sightings)
        for mark in one.marks
    ]
