"""Payments opened and moved by many at once: the same changes as one by one, in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import PaymentId
from core.money import Money
from db.attempts import row_of as attempt_row
from db.engine import Work
from db.payment_rows import TOLD, Teller, payment_of, row_of
from db.rows import as_json
from db.tables import payments
from payments.attempt import Attempt
from payments.ledger import captured
from payments.session import State
from payments.store import Payment

_OPEN = text("""
SELECT open_payments(CAST(:attempts AS jsonb), CAST(:payments AS jsonb), CAST(:facts AS jsonb),
                     CAST(:audits AS jsonb))
""")
_WRITE_MOVED = text(f"""
WITH moved AS (
    UPDATE payments AS p
       SET state = r.state, ref = r.ref, reason = r.reason, captured_minor = r.captured_minor,
           touched_at = :at
      FROM jsonb_to_recordset(CAST(:moved AS jsonb))
           AS r (id text, state text, ref text, reason text, captured_minor bigint)
     WHERE p.id = r.id
), lines AS (
    SELECT * FROM jsonb_to_recordset(CAST(:lines AS jsonb))
           AS r (reference text, line int, account text, amount_minor bigint, currency text)
), posted AS (
    INSERT INTO ledger_transactions (reference, at)
    SELECT DISTINCT reference, CAST(:at AS timestamptz) FROM lines ORDER BY reference
    RETURNING id, reference
), entered AS (
    INSERT INTO ledger_entries (transaction_id, line, account, amount_minor, currency)
    SELECT posted.id, line, account, amount_minor, currency FROM lines JOIN posted USING (reference)
), {TOLD}
""")  # noqa: S608 - our own words


async def open_all(
    work: Work, orders: Sequence[tuple[Payment, Attempt | None]], at: datetime, teller: Teller
) -> bool:
    """Open them all, in one way to the database; False when something is in the way of one: none is, then."""
    rows = [row_of(payment) | {"touched_at": at} for payment, _ in orders]
    rows.sort(key=lambda row: str(row["account"]))  # nodes wait for one another in one order
    asked = {
        **as_json([attempt_row(attempt) for _, attempt in orders if attempt is not None], "attempts"),
        **as_json(rows, "payments"),
        **teller.told([payment for payment, _ in orders], "payment opened"),
    }
    async with work.single() as tx:
        return bool((await tx.execute(_OPEN, asked)).scalar_one())


async def locked_all(tx: AsyncConnection, names: Sequence[PaymentId]) -> dict[PaymentId, Payment]:
    """The payments that there are, whose rows are ours until the commit."""
    query = select(payments).where(payments.c.id.in_(names)).order_by(payments.c.id).with_for_update()
    found = [payment_of(row) for row in (await tx.execute(query)).mappings()]
    return {payment.id: payment for payment in found}


async def write_moved(tx: AsyncConnection, moved: Sequence[Payment], at: datetime, teller: Teller) -> None:
    """Write payments as they stand after their moves; what was captured is posted."""
    rows = [
        {
            "id": payment.id,
            "state": payment.state.value,
            "ref": payment.ref,
            "reason": payment.reason,
            "captured_minor": payment.captured_minor,
        }
        for payment in moved
    ]
    lines = [line for payment in moved for line in _lines(payment)]
    told = teller.told(moved, "payment moved")
    await tx.execute(_WRITE_MOVED, {**as_json(rows, "moved"), **as_json(lines, "lines"), **told, "at": at})


def _lines(payment: Payment) -> list[dict[str, object]]:
    if payment.state is not State.CAPTURED:
        return []
    amount = Money(payment.captured_minor, payment.amount.currency)
    return [
        {
            "reference": f"{payment.id}:captured",
            "line": line,
            "account": posting.account,
            "amount_minor": posting.amount.minor,
            "currency": posting.amount.currency,
        }
        for line, posting in enumerate(captured(payment.account, payment.gateway, amount), start=1)
    ]
