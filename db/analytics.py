"""What calls and payments of a period came to, added up in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import BadInput
from core.money import Money
from db.engine import Work
from db.gateway_figures import GatewayFigures, figures

_OUTCOMES: Final = text("""
    SELECT outcome, ended_at IS NULL AS live, count(*) AS number FROM calls
     WHERE started_at >= :since AND started_at < :until GROUP BY 1, 2
""")
_HOURS: Final = text("""
    SELECT what, name, sum(number)::bigint AS number FROM call_hours
     WHERE hour >= date_trunc('hour', CAST(:since AS timestamptz), 'UTC') AND hour < :until GROUP BY 1, 2
""")
_DAYS: Final = text("""
    SELECT CAST(started_at AT TIME ZONE :zone AS date) AS day, count(*) AS number,
           count(*) FILTER (WHERE outcome = 'paid') AS paid
      FROM calls WHERE started_at >= :since AND started_at < :until GROUP BY 1 ORDER BY 1
""")
_ZONE: Final = text("SELECT now() AT TIME ZONE :zone")
_TAKEN: Final = text("""
    SELECT currency, sum(captured_minor)::bigint AS minor, count(*) AS number FROM payments
     WHERE created_at >= :since AND created_at < :until AND captured_minor > 0 GROUP BY 1 ORDER BY 1
""")
_DECLINED: Final = text("""
    SELECT split_part(reason, ' ', 1) AS reason, count(*) AS number FROM payments
     WHERE created_at >= :since AND created_at < :until AND state = 'declined'
     GROUP BY 1 ORDER BY 2 DESC, 1
""")
_NO_SUCH_ZONE: Final = "22023"  # invalid_parameter_value
_SHARES: Final = (0.5, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Turns:
    """How long spoken answers took, from the caller's last sound to the line's next word, in ms."""

    number: int
    p50: int
    p90: int
    p95: int
    p99: int


@dataclass(frozen=True, slots=True)
class Understood:
    """Of how many spoken answers to a question something was made."""

    question: str
    asked: int
    understood: int


@dataclass(frozen=True, slots=True)
class Day:
    """The calls that began on a day of the zone, and those of them that ended with a payment."""

    day: date
    calls: int
    paid: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A period. What is read from facts (`counted` and what follows it) counts whole hours.

    `contained` are calls of `counted` that no person was to take over; `gave_up` says by prompt, or step of a
    written flow, where callers left who came to nothing; `turns` is None where nobody spoke.
    """

    calls: int
    live: int
    outcomes: Mapping[str, int]
    days: list[Day]
    taken: list[tuple[Money, int]]
    declined: Mapping[str, int]
    counted: int
    contained: int
    gave_up: Mapping[str, int]
    turns: Turns | None
    recognized: list[Understood]
    gateways: list[GatewayFigures]


async def summary(work: Work, since: datetime, until: datetime, zone: str = "UTC") -> Summary:
    """What came of the time from `since` until before `until`; days are those of `zone` (IANA's names).

    Raises BadInput for a zone that the database does not know.
    """
    period = {"since": since, "until": until}
    async with work.single() as tx:
        rows = (await tx.execute(_OUTCOMES, period)).all()
        days = await _days(tx, period, zone)
        taken = [(Money(row.minor, row.currency), row.number) for row in await tx.execute(_TAKEN, period)]
        declined = {row.reason: row.number for row in await tx.execute(_DECLINED, period)}
        told = await _hours(tx, period)
    counted = told.get("calls", {}).get("", 0)
    asked, understood = told.get("asked", {}), told.get("understood", {})
    gave_up = sorted(told.get("gave_up", {}).items(), key=lambda one: (-one[1], one[0]))
    return Summary(
        calls=sum(row.number for row in rows),
        live=sum(row.number for row in rows if row.live),
        outcomes={row.outcome: row.number for row in rows if not row.live},
        days=days,
        taken=taken,
        declined=declined,
        counted=counted,
        contained=counted - told.get("handed_over", {}).get("", 0),
        gave_up=dict(gave_up),
        turns=turns({int(name): number for name, number in told.get("turn", {}).items()}),
        recognized=[Understood(one, asked[one], understood.get(one, 0)) for one in sorted(asked)],
        gateways=await figures(work, since, until),
    )


async def _days(tx: AsyncConnection, period: Mapping[str, datetime], zone: str) -> list[Day]:
    try:
        await tx.execute(_ZONE, {"zone": zone})  # where no call is, no day is looked at
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != _NO_SUCH_ZONE:
            raise
        raise BadInput(f"there is no time zone {zone!r}: give one as America/New_York") from None
    rows = await tx.execute(_DAYS, {**period, "zone": zone})
    return [Day(row.day, row.number, row.paid) for row in rows]


async def _hours(tx: AsyncConnection, period: Mapping[str, datetime]) -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = {}
    for row in await tx.execute(_HOURS, dict(period)):
        told.setdefault(row.what, {})[row.name] = row.number
    return told


def turns(counted: Mapping[int, int]) -> Turns | None:
    """The percentiles of turns that were counted by their length."""
    number = sum(counted.values())
    if not number:
        return None
    found: list[int] = []
    passed = 0
    for took_ms in sorted(counted):
        passed += counted[took_ms]
        while len(found) < len(_SHARES) and passed >= _SHARES[len(found)] * number:
            found.append(took_ms)
    return Turns(number, *found)
