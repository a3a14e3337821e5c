"""Payments opened and moved by many at once: the same changes as one by one, in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import TextClause, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import PaymentId
from core.money import Money
from db.attempts import row_of as attempt_row
from db.payment_rows import Teller, payment_of, row_of
from db.rows import as_json, insert_many
from db.tables import payments
from payments.attempt import Attempt
from payments.ledger import captured
from payments.session import State
from payments.store import Payment

_ATTEMPTS = insert_many(
    "attempts",
    {
        "id": "text",
        "key": "text",
        "digest": "text",
        "call": "text",
        "account": "text",
        "amount_minor": "bigint",
        "currency": "text",
        "method": "text",
        "fingerprint": "text",
        "risk": "jsonb",
        "route": "jsonb",
        "at": "timestamptz",
    },
    "ON CONFLICT DO NOTHING",
)
_PAYMENTS = insert_many(
    "payments",
    {
        "id": "text",
        "call": "text",
        "account": "text",
        "amount_minor": "bigint",
        "currency": "text",
        "state": "text",
        "gateway": "text",
        "key": "text",
        "brand": "text",
        "last4": "text",
        "receipt": "text",
        "ref": "text",
        "reason": "text",
        "created_at": "timestamptz",
        "touched_at": "timestamptz",
        "attempt": "text",
    },
    "ON CONFLICT DO NOTHING",
)
# in a statement of its own, so that it sees what was committed while the insert waited
_TOO_MUCH = text("""
SELECT EXISTS (
    SELECT FROM jsonb_to_recordset(CAST(:rows AS jsonb))
             AS r (account text, currency text, amount_minor bigint)
      JOIN accounts AS a ON a.id = r.account
      LEFT JOIN ledger_balances AS b ON b.account = 'account:' || r.account AND b.currency = r.currency
     WHERE r.amount_minor > coalesce(b.balance_minor, 0))
""")
_MOVED = text("""
UPDATE payments AS p
   SET state = r.state, ref = r.ref, reason = r.reason, captured_minor = r.captured_minor, touched_at = :at
  FROM jsonb_to_recordset(CAST(:rows AS jsonb))
       AS r (id text, state text, ref text, reason text, captured_minor bigint)
 WHERE p.id = r.id
""")
_POSTED = text("""
WITH rows AS (
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb))
           AS r (reference text, line int, account text, amount_minor bigint, currency text)
), posted AS (
    INSERT INTO ledger_transactions (reference, at)
    SELECT DISTINCT reference, CAST(:at AS timestamptz) FROM rows ORDER BY reference
    RETURNING id, reference
)
INSERT INTO ledger_entries (transaction_id, line, account, amount_minor, currency)
SELECT posted.id, line, account, amount_minor, currency FROM rows JOIN posted USING (reference)
""")


async def open_all(
    tx: AsyncConnection, orders: Sequence[tuple[Payment, Attempt | None]], at: datetime, teller: Teller
) -> bool:
    """Open them all; False when something is in the way of one: then the transaction must be rolled back."""
    attempts = [attempt_row(attempt) for _, attempt in orders if attempt is not None]
    if attempts and not await _inserted(tx, _ATTEMPTS, attempts):
        return False
    rows = [row_of(payment) | {"touched_at": at} for payment, _ in orders]
    rows.sort(key=lambda row: str(row["account"]))  # nodes wait for one another in one order
    if not await _inserted(tx, _PAYMENTS, rows):
        return False
    asked = [{name: row[name] for name in ("account", "currency", "amount_minor")} for row in rows]
    if (await tx.execute(_TOO_MUCH, as_json(asked))).scalar_one():
        return False
    await teller.tell(tx, [payment for payment, _ in orders], "payment opened")
    return True


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
    await tx.execute(_MOVED, as_json(rows) | {"at": at})
    if lines := [line for payment in moved for line in _lines(payment)]:
        await tx.execute(_POSTED, as_json(lines) | {"at": at})
    await teller.tell(tx, moved, "payment moved")


async def _inserted(tx: AsyncConnection, statement: TextClause, rows: Sequence[dict[str, object]]) -> bool:
    return (await tx.execute(statement, as_json(rows))).rowcount == len(rows)


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
