"""Bills brought into the database: all of a file or nothing, and no invoice twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput
from db.audit import Detail, append
from db.bill_rows import BillRow, Mistake, Progress, told
from db.bills_sealed import CopyRow, plain_rows, sealed_rows
from db.engine import Work
from db.people import People
from db.protect import protect

_WITHIN_S = 600.0  # a large file takes longer than a call may wait
_EVERY = 2000

_STAGE = """
CREATE TEMPORARY TABLE incoming (
    line integer, account text, account_id text, callers text[], name text, amount_minor bigint,
    currency text, invoice text,
    number_index bytea, number_sealed bytea, name_sealed bytea, caller_indexes bytea[],
    callers_sealed bytea[],
    email text, phone text, language text, email_sealed bytea, phone_sealed bytea
) ON COMMIT DROP
"""
_COPY = """
COPY incoming (line, account, account_id, callers, name, amount_minor, currency, invoice,
               number_index, number_sealed, name_sealed, caller_indexes, callers_sealed,
               email, phone, language, email_sealed, phone_sealed) FROM STDIN
"""
_KNOWN = """
DELETE FROM incoming i USING bills b, accounts a
 WHERE b.reference = i.invoice AND a.id = b.account
   AND {same} AND b.amount_minor = i.amount_minor AND b.currency = i.currency
"""
_CONFLICTS = """
SELECT i.line, '' AS kept FROM incoming i JOIN bills b ON b.reference = i.invoice
UNION ALL
SELECT i.line, a.currency FROM incoming i JOIN accounts a ON {same} WHERE a.currency <> i.currency
ORDER BY 1
"""
_ACCOUNTS = """
INSERT INTO accounts AS a (id, number, name, currency, email, phone, language)
SELECT DISTINCT ON (account) account_id, account, name, currency, email, phone, language FROM incoming
 ORDER BY account, line DESC
ON CONFLICT (number) DO UPDATE SET name = coalesce(nullif(excluded.name, ''), a.name),
    email = coalesce(nullif(excluded.email, ''), a.email),
    phone = coalesce(nullif(excluded.phone, ''), a.phone),
    language = coalesce(nullif(excluded.language, ''), a.language)
"""
_SEALED_ACCOUNTS = """
INSERT INTO accounts AS a (id, number_index, number_sealed, name_sealed, currency, email_sealed, phone_sealed,
                           language)
SELECT DISTINCT ON (number_index) account_id, number_index, number_sealed, name_sealed, currency,
       email_sealed, phone_sealed, language FROM incoming
 ORDER BY number_index, line DESC
ON CONFLICT (number_index) DO UPDATE SET name_sealed = coalesce(excluded.name_sealed, a.name_sealed),
    email_sealed = coalesce(excluded.email_sealed, a.email_sealed),
    phone_sealed = coalesce(excluded.phone_sealed, a.phone_sealed),
    language = coalesce(nullif(excluded.language, ''), a.language)
"""
_NAMED = """
UPDATE incoming i SET account_id = a.id FROM accounts a WHERE {same} AND a.id <> i.account_id
"""
_CALLERS = """
INSERT INTO account_callers (caller, account)
SELECT DISTINCT unnest(callers), account_id FROM incoming ON CONFLICT DO NOTHING
"""
_SEALED_CALLERS = """
INSERT INTO account_callers (caller_index, caller_sealed, account)
SELECT one.index, one.sealed, i.account_id
  FROM incoming i CROSS JOIN LATERAL unnest(i.caller_indexes, i.callers_sealed) AS one (index, sealed)
ON CONFLICT DO NOTHING
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
class _Way:
    """How accounts are told apart and written: plain, or sealed."""

    same: str
    accounts: str
    callers: str

    def of(self, statement: str) -> TextClause:
        return text(statement.format(same=self.same))


_PLAIN_WAY = _Way("a.number = i.account", _ACCOUNTS, _CALLERS)
_SEALED_WAY = _Way("a.number_index = i.number_index", _SEALED_ACCOUNTS, _SEALED_CALLERS)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: `new` bills were written, `known` ones stood there already and were left alone."""

    new: int
    known: int


async def import_bills(
    work: Work,
    rows: Sequence[BillRow],
    path: Path,
    clock: Clock,
    progress: Progress,
    *,
    people: People | None = None,
) -> Imported:
    """Write the bills in one transaction: debit what the customer owes, credit revenue.

    With `people`, names and numbers are sealed before they are written, even to a temporary table; what
    stands there unsealed is sealed first.

    An invoice that stands there with the same account and amount is left alone, so a file may be imported
    again; one that differs is a mistake. Raises BadInput with every mistake and its line; nothing is written.
    """
    way = _PLAIN_WAY if people is None else _SEALED_WAY
    if people is not None:
        await protect(work, people, clock, progress)
    async with work.begin(_WITHIN_S) as tx:
        await _patience(tx)
        await tx.execute(text(_STAGE))
        await _copy(tx, plain_rows(rows) if people is None else await sealed_rows(tx, people, rows), progress)
        await tx.execute(text("CREATE INDEX ON incoming (account, number_index)"))
        await tx.execute(text("ANALYZE incoming"))
        known = (await tx.execute(way.of(_KNOWN))).rowcount
        conflicts = (await tx.execute(way.of(_CONFLICTS))).all()
        if conflicts:
            by_line = {row.line: row for row in rows}
            raise BadInput(told(path, [_mistake(by_line[one.line], one.kept) for one in conflicts]))
        imported = Imported(len(rows) - known, known)
        if imported.new:
            await _write(tx, way, clock, progress)
            detail: Detail = {"file": path.name, "new": imported.new, "known": known}
            await append(tx, clock.now(), "bills imported", path.name, detail)
    progress("writing", 1.0)
    return imported


async def _patience(tx: AsyncConnection) -> None:
    await tx.execute(text("SET LOCAL statement_timeout = '10min'"))
    await tx.execute(text("SET LOCAL idle_in_transaction_session_timeout = '10min'"))


def _mistake(row: BillRow, kept: str) -> Mistake:
    if kept:
        return Mistake(row.line, f"account {row.account} is kept in {kept}, not in {row.amount.currency}")
    return Mistake(row.line, f"invoice {row.invoice} was imported before, with another account or amount")


async def _copy(tx: AsyncConnection, rows: Sequence[CopyRow], progress: Progress) -> None:
    raw = (await tx.get_raw_connection()).driver_connection
    if not isinstance(raw, psycopg.AsyncConnection):
        raise TypeError("COPY needs psycopg's own connection")
    async with raw.cursor() as cursor, cursor.copy(_COPY) as copy:
        for count, row in enumerate(rows):
            await copy.write_row(row)
            if count % _EVERY == 0:
                progress("copying", count / len(rows))
    progress("copying", 1.0)


async def _write(tx: AsyncConnection, way: _Way, clock: Clock, progress: Progress) -> None:
    at = {"at": clock.now()}
    progress("writing", 0.0)
    await tx.execute(text(way.accounts))
    await tx.execute(way.of(_NAMED))
    progress("writing", 0.2)
    await tx.execute(text(way.callers))
    progress("writing", 0.3)
    await tx.execute(text(_BILLS), at)
    progress("writing", 0.5)
    await tx.execute(text(_LEDGER), at)
    await tx.execute(text("SET CONSTRAINTS ledger_sums_to_zero IMMEDIATE"))
    progress("writing", 0.9)
