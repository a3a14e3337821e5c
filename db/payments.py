"""Payments as they are written down (payments.store), in PostgreSQL: each change is one transaction."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NoReturn
from uuid import uuid4

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput
from core.events import PaymentMoved
from core.ids import AccountId, CallId, PaymentId
from core.money import Money
from db.audit import append
from db.engine import Work
from db.fact_rows import insert_rows, to_row
from db.ledger import owed, post, posted
from db.tables import accounts, payments
from payments.ledger import postings
from payments.session import UNSETTLED, State, may_move
from payments.store import Move, Opened, Payment, ReceiptTaken, StillOpen, TooMuch

SettleSoon = Callable[[AsyncConnection, PaymentId], Awaitable[None]]
"""Has a payment without an answer looked after, from within the transaction that made it so."""

_UNSETTLED = payments.c.state.in_(sorted(state.value for state in UNSETTLED))
_TRIES = 5


class StoredPayments:
    """The Payments protocol over PostgreSQL.

    State, ledger entries, fact, audit row and the job that settles an UNKNOWN payment are written together or
    not at all. After StoreLost, `open` and `move` may be asked again with the same payment: what was done
    already is not done twice.
    """

    def __init__(self, work: Work, clock: Clock, settle_soon: SettleSoon | None = None) -> None:
        self._work = work
        self._clock = clock
        self._settle_soon = settle_soon
        self._teller = f"payments {uuid4().hex}"
        self._told = 0

    async def open(self, payment: Payment) -> Opened:
        """Write a PENDING payment down; StillOpen when the same bill has one that is unsettled.

        Opened again, it is given back as it stands. Raises BadInput for a key that another payment has.
        """
        if payment.state is not State.PENDING:
            raise BadInput(f"{payment.id} is opened as {payment.state.value}: a payment begins as pending")
        for _ in range(_TRIES):
            async with self._work.begin() as tx:
                async with tx.begin_nested() as attempt:
                    written = await self._insert(tx, payment)
                    due = await _due(tx, payment) if written else None
                    if due is not None and payment.amount.minor > due.minor:
                        await attempt.rollback()
                        return TooMuch(due)
                if written:
                    await self._tell(tx, payment, "payment opened")
                    return payment
                if (other := await _in_the_way(tx, payment)) is not None:
                    return other
        raise BadInput(f"{payment.id} cannot be opened: payments of the same bill come and go too fast")

    async def move(self, payment: PaymentId, move: Move) -> Payment:
        """Take a payment to another state, post the ledger, record the fact; all or nothing.

        A move that TRANSITIONS does not allow changes nothing: the payment is returned as it stands.
        Raises BadInput when there is no such payment.
        """
        async with self._work.begin() as tx:
            row = await _first(tx, select(payments).where(payments.c.id == payment).with_for_update())
            if row is None:
                _unheard(payment)
            before = _payment(row)
            if not may_move(before.state, move.to) or not await self._post(tx, before, move):
                return before
            after = await self._update(tx, before, move)
            if after.state is State.UNKNOWN and self._settle_soon is not None:
                await self._settle_soon(tx, after.id)
            await self._tell(tx, after, "payment moved")
            return after

    async def find(self, payment: PaymentId) -> Payment | None:
        """One payment."""
        async with self._work.begin() as tx:
            row = await _first(tx, select(payments).where(payments.c.id == payment))
        return _payment(row) if row is not None else None

    async def unsettled(self, older_than: timedelta) -> list[Payment]:
        """PENDING and UNKNOWN payments that nobody has touched for that long, oldest first."""
        old = payments.c.touched_at <= self._clock.now() - older_than
        query = select(payments).where(_UNSETTLED, old).order_by(payments.c.created_at, payments.c.id)
        async with self._work.begin() as tx:
            return [_payment(row) for row in (await tx.execute(query)).mappings()]

    async def _insert(self, tx: AsyncConnection, payment: Payment) -> bool:
        row = {
            "id": payment.id,
            "call": payment.call,
            "account": payment.account,
            "amount_minor": payment.amount.minor,
            "currency": payment.amount.currency,
            "state": payment.state.value,
            "gateway": payment.gateway,
            "key": payment.key,
            "brand": payment.brand,
            "last4": payment.last4,
            "receipt": payment.receipt,
            "ref": payment.ref,
            "reason": payment.reason,
            "created_at": payment.created_at,
            "touched_at": self._clock.now(),
        }
        new = insert(payments).values(row).on_conflict_do_nothing()
        return (await tx.execute(new.returning(payments.c.id))).first() is not None

    async def _update(self, tx: AsyncConnection, before: Payment, move: Move) -> Payment:
        values = {
            "state": move.to.value,
            "ref": move.ref or before.ref,
            "reason": move.reason,
            "touched_at": self._clock.now(),
        }
        moved = update(payments).where(payments.c.id == before.id).values(values).returning(payments)
        return _payment((await tx.execute(moved)).mappings().one())

    async def _post(self, tx: AsyncConnection, before: Payment, move: Move) -> bool:
        lines = [(posting.account, posting.amount) for posting in postings(before, move)]
        if not lines:
            return True
        reference = _reference(before, move)
        if await posted(tx, reference):
            return False
        await post(tx, reference, lines, self._clock.now())
        return True

    async def _tell(self, tx: AsyncConnection, payment: Payment, action: str) -> None:
        now = self._clock.now()
        fact = PaymentMoved(
            call=payment.call,
            payment=payment.id,
            state=payment.state.value,
            amount_minor=payment.amount.minor,
            currency=payment.amount.currency,
            gateway=payment.gateway,
            detail=payment.reason,
        )
        self._told += 1
        await insert_rows(tx, [to_row(fact, now, self._teller, self._told)])
        detail = {
            "state": payment.state.value,
            "account": payment.account,
            "amount_minor": payment.amount.minor,
            "currency": payment.amount.currency,
            "gateway": payment.gateway,
            "ref": payment.ref,
            "reason": payment.reason,
        }
        await append(tx, now, action, payment.id, detail)


async def _first(tx: AsyncConnection, query: Select[Any]) -> RowMapping | None:
    row: RowMapping | None = (await tx.execute(query)).mappings().first()
    return row


async def _due(tx: AsyncConnection, payment: Payment) -> Money | None:
    """What is due on the bill; None for an account that never had one."""
    known = select(accounts.c.id).where(accounts.c.id == payment.account)
    if await _first(tx, known) is None:
        return None
    return await owed(tx, payment.account, payment.amount.currency)


async def _in_the_way(tx: AsyncConnection, payment: Payment) -> Payment | StillOpen | ReceiptTaken | None:
    same = await _first(tx, select(payments).where(payments.c.id == payment.id))
    if same is not None:
        return _payment(same)
    of_bill = select(payments.c.id).where(payments.c.account == payment.account, _UNSETTLED)
    if (unsettled := await _first(tx, of_bill)) is not None:
        return StillOpen(PaymentId(unsettled["id"]))
    if await _first(tx, select(payments.c.id).where(payments.c.receipt == payment.receipt)) is not None:
        return ReceiptTaken()
    if await _first(tx, select(payments.c.id).where(payments.c.key == payment.key)) is not None:
        raise BadInput(f"{payment.id} cannot be opened: its idempotency key belongs to another payment")
    return None


def _reference(payment: Payment, move: Move) -> str:
    """A capture is posted once; refunds in parts once for each `ref` that the gateway gave."""
    if move.to is State.CAPTURED:
        return f"{payment.id}:captured"
    return f"{payment.id}:{move.to.value}:{move.ref or uuid4().hex}"


def _unheard(payment: PaymentId) -> NoReturn:
    raise BadInput(f"there is no payment {payment}: open it before it is moved")


def _payment(row: RowMapping) -> Payment:
    return Payment(
        id=PaymentId(row["id"]),
        call=CallId(row["call"]) if row["call"] is not None else None,
        account=AccountId(row["account"]),
        amount=Money(row["amount_minor"], row["currency"]),
        state=State(row["state"]),
        gateway=row["gateway"],
        key=row["key"],
        brand=row["brand"],
        last4=row["last4"],
        receipt=row["receipt"],
        created_at=row["created_at"],
        ref=row["ref"],
        reason=row["reason"],
    )
