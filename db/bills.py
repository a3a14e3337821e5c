"""Bills brought into the database: all of a file or nothing, and no invoice twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput
from core.ids import new_account_id
from db.audit import Detail, append
from db.bill_rows import BillRow, Mistake, Progress, told
from db.engine import Work

_WITHIN_S = 600.0  # a large file takes longer than a call may wait
_EVERY = 2000

_STAGE = """
CREATE TEMPORARY TABLE incoming (
    line integer, account text, account_id text, callers text[], name text, amount_minor bigint,
    currency text, invoice text
) ON COMMIT DROP
"""
_COPY = "COPY incoming (line, account, account_id, callers, name, amount_minor, currency, invoice) FROM STDIN"

_KNOWN = """
DELETE FROM incoming i USING bills b, accounts a
 WHERE b.reference = i.invoice AND a.id = b.account
   AND a.number = i.account AND b.amount_minor = i.amount_minor AND b.currency = i.currency
"""
_CONFLICTS = """
SELECT i.line, 'invoice ' || i.invoice || ' was imported before, with another account or amount' AS why
  FROM incoming i JOIN bills b ON b.reference = i.invoice
UNION ALL
SELECT i.line, 'account ' || i.account || ' is kept in ' || a.currency || ', not in ' || i.currency
  FROM incoming i JOIN accounts a ON a.number = i.account WHERE a.currency <> i.currency
ORDER BY 1
"""
_ACCOUNTS = """
INSERT INTO accounts AS a (id, number, name, currency)
SELECT DISTINCT ON (account) account_id, account, name, currency FROM incoming ORDER BY account, line DESC
ON CONFLICT (number) DO UPDATE SET name = excluded.name WHERE a.name <> excluded.name AND excluded.name <> ''
"""
_NAMED = """
UPDATE incoming i SET account_id = a.id FROM accounts a WHERE a.number = i.account AND a.id <> i.account_id
"""
_CALLERS = """
INSERT INTO account_callers (caller, account)
SELECT DISTINCT unnest(callers), account_id FROM incoming ON CONFLICT DO NOTHING
"""
_BILLS = """
INSERT INTO bills (reference, account, amount_minor, currency, imported_at)
SELECT invoice, account_id, amount_minor, currency, :at FROM incoming
"""
_LEDGER = """
WITH posted AS (
    INSERT INTO ledger_transactions (reference, at) SELECT 'bill:' || invoice, :at FROM incoming ORDER BY line
    RETURNING id, reference
)
INSERT INTO ledger_entries (transaction_id, line, account, amount_minor, currency)
SELECT p.id, side.line, side.account, side.amount_minor, i.currency
  FROM incoming i JOIN posted p ON p.reference = 'bill:' || i.invoice
 CROSS JOIN LATERAL (VALUES (1, 'account:' || i.account_id, i.amount_minor),
                            (2, 'revenue', -i.amount_minor)) AS side (line, account, amount_minor)
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: `new` bills were written, `known` ones stood there already and were left alone."""

    new: int
    known: int


async def import_bills(
    work: Work, rows: Sequence[BillRow], path: Path, clock: Clock, progress: Progress
) -> Imported:
    """Write the bills in one transaction: debit what the customer owes, credit revenue.

    An invoice that stands there with the same account and amount is left alone, so a file may be imported
    again; one that differs is a mistake. Raises BadInput with every mistake and its line; nothing is written.
    """
    async with work.begin(_WITHIN_S) as tx:
        await _patience(tx)
        await tx.execute(text(_STAGE))
        await _copy(tx, rows, progress)
        await tx.execute(text("CREATE INDEX ON incoming (account)"))
        await tx.execute(text("ANALYZE incoming"))
        known = (await tx.execute(text(_KNOWN))).rowcount
        conflicts = (await tx.execute(text(_CONFLICTS))).all()
        if conflicts:
            raise BadInput(told(path, [Mistake(row.line, row.why) for row in conflicts]))
        imported = Imported(len(rows) - known, known)
        if imported.new:
            await _write(tx, clock, progress)
            detail: Detail = {"file": path.name, "new": imported.new, "known": known}
            await append(tx, clock.now(), "bills imported", path.name, detail)
    progress("writing", 1.0)
    return imported


async def _patience(tx: AsyncConnection) -> None:
    await tx.execute(text("SET LOCAL statement_timeout = '10min'"))
    await tx.execute(text("SET LOCAL idle_in_transaction_session_timeout = '10min'"))


async def _copy(tx: AsyncConnection, rows: Sequence[BillRow], progress: Progress) -> None:
    raw = (await tx.get_raw_connection()).driver_connection
    if not isinstance(raw, psycopg.AsyncConnection):
        raise TypeError("COPY needs psycopg's own connection")
    async with raw.cursor() as cursor, cursor.copy(_COPY) as copy:
        for count, row in enumerate(rows):
            fields = (row.line, row.account, new_account_id(), list(row.callers), row.name)
            await copy.write_row((*fields, row.amount.minor, row.amount.currency, row.invoice))
            if count % _EVERY == 0:
                progress("copying", count / len(rows))
    progress("copying", 1.0)


async def _write(tx: AsyncConnection, clock: Clock, progress: Progress) -> None:
    at = {"at": clock.now()}
    progress("writing", 0.0)
    await tx.execute(text(_ACCOUNTS))
    await tx.execute(text(_NAMED))
    progress("writing", 0.2)
    await tx.execute(text(_CALLERS))
    progress("writing", 0.3)
    await tx.execute(text(_BILLS), at)
    progress("writing", 0.5)
    await tx.execute(text(_LEDGER), at)
    await tx.execute(text("SET CONSTRAINTS ledger_sums_to_zero IMMEDIATE"))
    progress("writing", 0.9)
