"""How gateways did lately, from the payments that they were asked for and what routing observed of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from db.engine import Work

_FIGURES: Final = text("""
WITH charged AS (
    SELECT gateway,
           count(*) FILTER (WHERE state NOT IN ('pending', 'not_attempted')) AS asked,
           count(*) FILTER (WHERE state NOT IN ('pending', 'not_attempted', 'declined', 'unknown'))
               AS approved,
           count(*) FILTER (WHERE state = 'declined') AS declined,
           count(*) FILTER (WHERE state IN ('unknown', 'not_attempted')) AS unanswered
      FROM payments WHERE created_at >= :since AND created_at < :until GROUP BY gateway
), observed AS (
    SELECT gateway, percentile_cont(0.95) WITHIN GROUP (ORDER BY took_s) AS p95_s
      FROM routing_observations WHERE at >= :since AND at < :until GROUP BY gateway
), fees AS (
    SELECT gateway, currency, sum(fee_minor)::bigint AS fee_minor, sum(gross_minor)::bigint AS gross_minor
      FROM settlement_rows WHERE at >= :since AND at < :until AND kind = 'charge' GROUP BY gateway, currency
)
SELECT coalesce(c.gateway, o.gateway, f.gateway) AS gateway, coalesce(asked, 0) AS asked,
       coalesce(approved, 0) AS approved, coalesce(declined, 0) AS declined,
       coalesce(unanswered, 0) AS unanswered, p95_s, f.fees
  FROM charged AS c
  FULL JOIN observed AS o USING (gateway)
  FULL JOIN (SELECT gateway, jsonb_agg(jsonb_build_object('currency', currency, 'fee_minor', fee_minor,
                    'gross_minor', gross_minor) ORDER BY currency) AS fees FROM fees GROUP BY gateway) AS f
       USING (gateway)
 ORDER BY 1
""")


@dataclass(frozen=True, slots=True)
class Fee:
    """What a gateway kept of what it settled, in one currency."""

    currency: str
    fee_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True)
class GatewayFigures:
    """`asked` counts charges; `unanswered` those of which nothing was heard, or that never got there.

    `p95_s` is None where nothing was observed; `fees` come from settlement reports.
    """

    gateway: str
    asked: int
    approved: int
    declined: int
    unanswered: int
    p95_s: float | None
    fees: tuple[Fee, ...]


async def figures(work: Work, since: datetime, until: datetime) -> list[GatewayFigures]:
    """Each gateway that did something in that time, by name."""
    async with work.single() as tx:
        rows = await tx.execute(_FIGURES, {"since": since, "until": until})
        return [
            GatewayFigures(
                row.gateway,
                row.asked,
                row.approved,
                row.declined,
                row.unanswered,
                row.p95_s,
                tuple(Fee(**fee) for fee in row.fees or ()),
            )
            for row in rows
        ]
