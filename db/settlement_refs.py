"""Refunds that a settlement report names by their charge alone: which of ours each is, by its amount."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.rows import as_json
from payments.settlement_row import RowKind, SettlementRow

_KNOWN = text("""
SELECT s.batch, s.line, s.ref
  FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (batch text, line int)
  JOIN settlement_rows AS s ON s.gateway = :gateway AND s.batch = r.batch AND s.line = r.line
""")
_UNSETTLED = text("""
SELECT p.ref AS charge, r.ref, r.amount_minor, r.currency
  FROM refunds AS r JOIN payments AS p ON p.id = r.payment
 WHERE p.gateway = :gateway AND p.ref = ANY(:charges) AND r.state = 'done'
   AND NOT EXISTS (SELECT 1 FROM settlement_rows AS s
                    WHERE s.gateway = :gateway AND s.kind = 'refund' AND s.ref = r.ref)
 ORDER BY r.created_at, r.id
""")


async def named(tx: AsyncConnection, gateway: str, rows: Sequence[SettlementRow]) -> list[SettlementRow]:
    """All rows, each refund with a name: the one that it was imported with, else the oldest that fits.

    One that fits none of ours is named by its charge.
    """
    nameless = [row for row in rows if row.kind is RowKind.REFUND and not row.ref]
    if not nameless:
        return list(rows)
    places = as_json([{"batch": row.batch, "line": row.line} for row in nameless])
    known = {
        (batch, line): ref for batch, line, ref in await tx.execute(_KNOWN, places | {"gateway": gateway})
    }
    fitting: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    charges = sorted({row.charge_ref for row in nameless})
    for charge, ref, minor, currency in await tx.execute(
        _UNSETTLED, {"gateway": gateway, "charges": charges}
    ):
        fitting[charge, -minor, currency].append(ref)

    def name(row: SettlementRow) -> str:
        fits = fitting[row.charge_ref, row.gross.minor, row.gross.currency]
        return known.get((row.batch, row.line)) or (fits.pop(0) if fits else row.charge_ref)

    return [row if row.ref or row.kind is not RowKind.REFUND else replace(row, ref=name(row)) for row in rows]
