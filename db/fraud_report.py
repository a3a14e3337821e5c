"""What the fraud screen decided, or would have while it only watches, beside what became of the purchases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from db.engine import Work
from payments.fraud.screen import WATCHING
from payments.risk import Decision

_JUDGED: Final = """
    SELECT a.id, a.risk,
           CASE WHEN starts_with(a.risk->'reasons'->>0, :watching)
                THEN substring(a.risk->'reasons'->>0 FROM length(:watching) + 1)
                ELSE a.risk->>'decision' END AS would
      FROM attempts AS a WHERE a.at >= :since
"""
_PAID: Final = "('captured', 'authorized', 'partially_refunded', 'refunded')"
_DECISIONS: Final = text(f"""
WITH judged AS ({_JUDGED})
SELECT j.would, count(*) AS attempts,
       count(*) FILTER (WHERE p.state IN {_PAID}) AS paid,
       count(*) FILTER (WHERE p.state = 'declined') AS declined,
       count(*) FILTER (WHERE p.state IN ('disputed', 'charged_back')) AS disputed
  FROM judged AS j LEFT JOIN LATERAL (
       SELECT state FROM payments WHERE attempt = j.id ORDER BY id DESC LIMIT 1) AS p ON true
 GROUP BY j.would
""")  # noqa: S608 - the pieces are ours
# numbers in reasons differ from purchase to purchase
_REASONS: Final = text(f"""
WITH judged AS ({_JUDGED})
SELECT regexp_replace(reason, '[0-9]+([.][0-9]+)?', 'N', 'g') AS why, count(*) AS attempts
  FROM judged AS j, jsonb_array_elements_text(j.risk->'reasons') AS reason
 WHERE j.would <> 'allow' AND NOT starts_with(reason, :watching)
 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT :limit
""")  # noqa: S608 - the pieces are ours


@dataclass(frozen=True, slots=True)
class Judged:
    """How many attempts got a decision, and how many of them were paid, declined by the bank, or disputed."""

    decision: Decision
    attempts: int
    paid: int
    declined: int
    disputed: int


@dataclass(frozen=True, slots=True)
class FraudReport:
    """Decisions from the mildest on, and the most frequent reasons of those that were none to allow."""

    judged: Sequence[Judged]
    reasons: Sequence[tuple[str, int]]


async def fraud_report(work: Work, since: datetime, reasons: int = 10) -> FraudReport:
    """The decisions since then, whether they were carried out or only noted."""
    asked = {"since": since, "watching": WATCHING}
    async with work.single() as tx:
        found = {row.would: row for row in await tx.execute(_DECISIONS, asked)}
        why = (await tx.execute(_REASONS, asked | {"limit": reasons})).all()
    judged = [
        Judged(decision, row.attempts, row.paid, row.declined, row.disputed)
        for decision in Decision
        if (row := found.get(decision.value)) is not None
    ]
    return FraudReport(judged, [(row.why, row.attempts) for row in why])
