"""Settlement rows written down (payments.settlement), and matched with payments and ledger, in PostgreSQL."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput
from core.money import Money
from db.audit import append
from db.engine import Work
from db.ledger import post
from db.rows import as_json, insert_many
from db.settlement_refs import named
from payments.settlement import Difference, Finding, Imported, postings
from payments.settlement_row import SettlementRow

_WITHIN_S: Final = 600.0
_AT_ONCE: Final = 2000

_KEEP = insert_many(
    "settlement_rows",
    {
        "gateway": "text",
        "batch": "text",
        "line": "int",
        "kind": "text",
        "ref": "text",
        "charge_ref": "text",
        "payment": "text",
        "gross_minor": "bigint",
        "fee_minor": "bigint",
        "currency": "text",
        "at": "timestamptz",
        "imported_at": "timestamptz",
    },
    "ON CONFLICT DO NOTHING RETURNING batch, line",
)
_CHANGED = text("""
SELECT r.batch, r.line
  FROM jsonb_to_recordset(CAST(:rows AS jsonb))
       AS r (gateway text, batch text, line int, kind text, ref text, gross_minor bigint, fee_minor bigint,
             currency text)
  JOIN settlement_rows AS s USING (gateway, batch, line)
 WHERE (s.kind, s.ref, s.gross_minor, s.fee_minor, s.currency)
       IS DISTINCT FROM (r.kind, r.ref, r.gross_minor, r.fee_minor, r.currency)
 ORDER BY 1, 2 LIMIT 1
""")
_ADD_UP = text("""
INSERT INTO settlements (gateway, batch, lines, first_at, last_at, imported_at)
SELECT gateway, batch, count(*), min(at), max(at), max(imported_at)
  FROM settlement_rows WHERE gateway = :gateway AND batch = ANY(:batches) GROUP BY gateway, batch
    ON CONFLICT (gateway, batch) DO UPDATE
   SET lines = excluded.lines, first_at = excluded.first_at, last_at = excluded.last_at,
       imported_at = excluded.imported_at
""")
# What we have, what the ledger has of it on the gateway's account, and what the gateway settled.
_OURS = """
    SELECT 'charge' AS kind, p.ref, p.id AS subject, p.captured_minor AS minor, p.currency,
           p.created_at AS at, p.id || '\\:captured' AS reference
      FROM payments AS p WHERE p.gateway = :gateway AND p.captured_minor > 0 AND p.state <> 'capturing'
     UNION ALL
    SELECT 'refund', r.ref, r.id, -r.amount_minor, r.currency, r.created_at, r.id || '\\:done'
      FROM refunds AS r JOIN payments AS p ON p.id = r.payment
     WHERE p.gateway = :gateway AND r.state = 'done'
     UNION ALL
    SELECT 'dispute', d.ref, d.payment, -d.amount_minor, d.currency, d.opened_at,
           'dispute:' || d.gateway || ':' || d.ref || '\\:opened'
      FROM disputes AS d WHERE d.gateway = :gateway
     UNION ALL
    SELECT 'dispute_won', d.ref, d.payment, d.amount_minor, d.currency, d.opened_at,
           'dispute:' || d.gateway || ':' || d.ref || '\\:won'
      FROM disputes AS d WHERE d.gateway = :gateway AND d.stage = 'won'
"""
_MATCH = text(f"""
WITH ours AS ({_OURS}),
theirs AS (
    SELECT kind, ref, currency, sum(gross_minor)::bigint AS minor, count(*) AS times,
           max(payment) AS payment
      FROM settlement_rows WHERE gateway = :gateway AND kind NOT IN ('fee', 'payout')
     GROUP BY kind, ref, currency
    HAVING bool_or(batch = ANY(:batches))
)
SELECT t.kind, t.ref, t.currency, t.minor AS theirs, t.times, o.subject, o.minor AS ours, l.minor AS ledger,
       p.state AS state, p.id AS payment
  FROM theirs AS t
  LEFT JOIN ours AS o ON o.kind = t.kind AND o.ref = t.ref AND o.currency = t.currency
  LEFT JOIN LATERAL (
       SELECT sum(e.amount_minor)::bigint AS minor
         FROM ledger_transactions AS x JOIN ledger_entries AS e ON e.transaction_id = x.id
        WHERE x.reference = o.reference AND e.account = 'gateway:' || :gateway AND e.currency = t.currency
       ) AS l ON true
  LEFT JOIN LATERAL (
       SELECT state, id FROM payments
        WHERE (gateway = :gateway AND ref = t.ref) OR id = t.payment ORDER BY ref = t.ref DESC LIMIT 1
       ) AS p ON o.subject IS NULL
 ORDER BY t.kind, t.ref
""")  # noqa: S608 - the pieces are ours
_MISSING = text(f"""
WITH ours AS ({_OURS})
SELECT o.kind, o.ref, o.subject, o.minor AS ours, o.currency
  FROM ours AS o
 WHERE o.at < :before AND NOT EXISTS (
       SELECT 1 FROM settlement_rows AS s
        WHERE s.gateway = :gateway AND s.kind = o.kind AND s.ref = o.ref)
 ORDER BY o.at, o.ref
""")  # noqa: S608 - the pieces are ours


class StoredSettlements:
    """The Settlements protocol over PostgreSQL.

    What is ours and `late` older than the newest row of an import should have been settled by then.
    """

    def __init__(self, work: Work, clock: Clock, late: timedelta = timedelta(days=3)) -> None:
        self._work, self._clock, self._late = work, clock, late

    async def bring_in(self, gateway: str, rows: Iterable[SettlementRow]) -> Imported:
        """Write the rows and post their fees and payouts, all or nothing; then match all three sides."""
        listed = list(rows)
        if not listed:
            return Imported(0, 0, 0, ())
        async with self._work.begin(_WITHIN_S) as tx:
            listed = await named(tx, gateway, listed)
            new = await self._keep(tx, gateway, listed)
            for row in listed:
                if (row.batch, row.line) in new:
                    for reference, lines in postings(gateway, row):
                        await post(tx, reference, lines, row.at)
            matched, findings = await self._match(tx, gateway, listed)
            detail: dict[str, str | int | bool | None] = {"new": len(new), "differences": len(findings)}
            await append(tx, self._clock.now(), "settlement imported", gateway, detail)
        return Imported(len(new), len(listed) - len(new), matched, findings)

    async def _keep(
        self, tx: AsyncConnection, gateway: str, rows: list[SettlementRow]
    ) -> set[tuple[str, int]]:
        new: set[tuple[str, int]] = set()
        now = self._clock.now()
        for first in range(0, len(rows), _AT_ONCE):
            some = as_json([_row(gateway, row, now) for row in rows[first : first + _AT_ONCE]])
            if (changed := (await tx.execute(_CHANGED, some)).first()) is not None:
                raise BadInput(
                    f"line {changed.line} of settlement {changed.batch} differs from what was imported before"
                )
            new |= {(batch, line) for batch, line in await tx.execute(_KEEP, some)}
        await tx.execute(_ADD_UP, {"gateway": gateway, "batches": sorted({batch for batch, _ in new})})
        return new

    async def _match(
        self, tx: AsyncConnection, gateway: str, rows: list[SettlementRow]
    ) -> tuple[int, list[Finding]]:
        batches = sorted({row.batch for row in rows})
        found = (await tx.execute(_MATCH, {"gateway": gateway, "batches": batches})).mappings().all()
        findings = [finding for row in found if (finding := _compared(row)) is not None]
        matched = len(found) - len(findings)
        before = max(row.at for row in rows) - self._late
        missing = await tx.execute(_MISSING, {"gateway": gateway, "before": before})
        return matched, findings + [_missing(row) for row in missing.mappings()]


def _row(gateway: str, row: SettlementRow, now: datetime) -> dict[str, object]:
    if row.fee.currency != row.gross.currency:
        raise BadInput(
            f"line {row.line}: the fee is in {row.fee.currency}, the gross in {row.gross.currency}"
        )
    return {
        "gateway": gateway,
        "batch": row.batch,
        "line": row.line,
        "kind": row.kind.value,
        "ref": row.ref,
        "charge_ref": row.charge_ref,
        "payment": row.payment,
        "gross_minor": row.gross.minor,
        "fee_minor": row.fee.minor,
        "currency": row.gross.currency,
        "at": row.at,
        "imported_at": now,
    }


def _compared(row: RowMapping) -> Finding | None:
    currency = row["currency"]
    ours, ledger = _money(row["ours"], currency), _money(row["ledger"], currency)
    theirs = Money(row["theirs"], currency)
    subject = row["subject"] or row["payment"] or ""
    if row["subject"] is None and row["state"] is not None:
        why = f"the payment is {row['state']} here"
        return Finding(Difference.OTHER_STATE, row["ref"], subject, ours, ledger, theirs, why)
    if row["subject"] is None:
        return Finding(Difference.NOT_OURS, row["ref"], subject, ours, ledger, theirs, f"a {row['kind']}")
    if row["times"] > 1:
        why = f"settled {row['times']} times"
        return Finding(Difference.TWICE, row["ref"], subject, ours, ledger, theirs, why)
    if not ours == ledger == theirs:
        return Finding(Difference.OTHER_AMOUNT, row["ref"], subject, ours, ledger, theirs, f"a {row['kind']}")
    return None


def _missing(row: RowMapping) -> Finding:
    ours = Money(row["ours"], row["currency"])
    why = f"a {row['kind']} that should have been settled by now"
    return Finding(Difference.NOT_SETTLED, row["ref"], row["subject"], ours, None, None, why)


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
