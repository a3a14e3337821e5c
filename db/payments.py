"""Payments as they are written down (payments.store), in PostgreSQL: each change is one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput, TellerlineError
from core.ids import PaymentId
from core.money import Money
from db.attempts import insert_attempt, repeated
from db.batches import Batches
from db.engine import Work
from db.ledger import owed
from db.payment_batches import locked_all, open_all, write_moved
from db.payment_rows import Teller, payment_of, row_of
from db.tables import accounts, payments
from payments.attempt import Attempt
from payments.mistakes import NoSuchPayment
from payments.session import OPEN, TAKEN, UNSETTLED, State, may_move
from payments.store import (
    Move,
    Opened,
    Payment,
    ReceiptTaken,
    Repeated,
    StillOpen,
    TooMuch,
    moved_by,
)

SettleSoon = Callable[[AsyncConnection, PaymentId], Awaitable[None]]
"""Has a payment without an answer looked after, from within the transaction that made it so."""

_UNSETTLED = payments.c.state.in_(sorted(state.value for state in UNSETTLED))
_OPEN = payments.c.state.in_(sorted(state.value for state in OPEN))
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
        self._teller = Teller(clock)
        self._opens = Batches[tuple[Payment, Attempt | None], Opened](self._open_all)
        self._moves = Batches[tuple[PaymentId, Move], Payment](self._move_all)

    async def open(self, payment: Payment, attempt: Attempt | None = None) -> Opened:
        """Write a PENDING payment down, with the attempt that it is the first of.

        Opened again, it is given back as it stands. Raises BadInput for a key that another payment has.
        """
        if payment.state is not State.PENDING:
            raise BadInput(f"{payment.id} is opened as {payment.state.value}: a payment begins as pending")
        return await self._opens.ask((payment, attempt))

    async def note(self, attempt: Attempt) -> Repeated | None:
        """Write down an attempt that leads to no payment; Repeated when its key was used before."""
        async with self._work.begin() as tx:
            return None if await insert_attempt(tx, attempt) else await _other(tx, attempt)

    async def attempted(self, key: str) -> Repeated | None:
        """What an attempt's key was used for; None for a new one."""
        async with self._work.begin() as tx:
            return await repeated(tx, key)

    async def move(self, payment: PaymentId, move: Move) -> Payment:
        """Take a payment to another state, post the ledger, record the fact; all or nothing.

        A move that TRANSITIONS does not allow changes nothing: the payment is returned as it stands.
        Raises NoSuchPayment.
        """
        return await self._moves.ask((payment, move))

    async def find(self, payment: PaymentId) -> Payment | None:
        """One payment."""
        return await self._one(select(payments).where(payments.c.id == payment))

    async def charged_as(self, gateway: str, ref: str) -> Payment | None:
        """The payment that a gateway knows as `ref`."""
        if not ref:
            return None
        return await self._one(select(payments).where(payments.c.gateway == gateway, payments.c.ref == ref))

    async def unsettled(self, older_than: timedelta) -> list[Payment]:
        """The OPEN payments that nobody has touched for that long, oldest first."""
        old = payments.c.touched_at <= self._clock.now() - older_than
        query = select(payments).where(_OPEN, old).order_by(payments.c.created_at, payments.c.id)
        async with self._work.begin() as tx:
            return [payment_of(row) for row in (await tx.execute(query)).mappings()]

    async def _one(self, query: Select[Any]) -> Payment | None:
        async with self._work.begin() as tx:
            row = await _first(tx, query)
        return payment_of(row) if row is not None else None

    async def _open_all(
        self, orders: Sequence[tuple[Payment, Attempt | None]]
    ) -> Sequence[Opened | TellerlineError]:
        """All in one transaction; where something is in the way of one, each for itself."""
        if await open_all(self._work, orders, self._clock.now(), self._teller):
            return [payment for payment, _ in orders]
        return [await self._open_alone(payment, attempt) for payment, attempt in orders]

    async def _open_alone(self, payment: Payment, attempt: Attempt | None) -> Opened | TellerlineError:
        try:
            for _ in range(_TRIES):
                async with self._work.begin() as tx:
                    if (opened := await self._open(tx, payment, attempt)) is not None:
                        return opened
        except BadInput as error:
            return error
        return BadInput(f"{payment.id} cannot be opened: payments of the same bill come and go too fast")

    async def _move_all(self, steps: Sequence[tuple[PaymentId, Move]]) -> Sequence[Payment | TellerlineError]:
        answers: dict[int, Payment | TellerlineError] = {}
        left = list(enumerate(steps))
        while left:  # the steps of one payment take turns
            turn = {payment: (place, move) for place, (payment, move) in reversed(left)}
            taken = {place for place, _ in turn.values()}
            answers |= await self._move_each(turn)
            left = [one for one in left if one[0] not in taken]
        return [answers[place] for place in range(len(steps))]

    async def _move_each(
        self, steps: dict[PaymentId, tuple[int, Move]]
    ) -> dict[int, Payment | TellerlineError]:
        answers: dict[int, Payment | TellerlineError] = {}
        moved: list[Payment] = []
        async with self._work.begin() as tx:
            found = await locked_all(tx, list(steps))
            for name, (place, move) in steps.items():
                before = found.get(name)
                if before is None:
                    answers[place] = NoSuchPayment(name)
                elif before.state in TAKEN or not may_move(before.state, move.to):
                    answers[place] = before
                else:
                    answers[place] = after = moved_by(before, move)
                    moved.append(after)
            if moved:
                await write_moved(tx, moved, self._clock.now(), self._teller)
                await self._look_after(tx, moved)
        return answers

    async def _look_after(self, tx: AsyncConnection, moved: Sequence[Payment]) -> None:
        for payment in moved:
            if payment.state is State.UNKNOWN and self._settle_soon is not None:
                await self._settle_soon(tx, payment.id)

    async def _open(self, tx: AsyncConnection, payment: Payment, attempt: Attempt | None) -> Opened | None:
        """None to try again: what was in the way has just gone."""
        async with tx.begin_nested() as changes:
            if attempt is not None and not await insert_attempt(tx, attempt):
                other = await _other(tx, attempt)
                if other is not None:
                    await changes.rollback()
                    return other
            written = await self._insert(tx, payment)
            due = await _due(tx, payment) if written else None
            paged = await _on_a_page(tx, payment) if written else None
            too_much = due is not None and payment.amount.minor > due.minor
            if too_much or paged or not written:
                await changes.rollback()
        if paged is not None:
            return StillOpen(paged)
        if due is not None and too_much:
            return TooMuch(due)
        if not written:
            return await _in_the_way(tx, payment)
        await self._teller.tell(tx, [payment], "payment opened")
        return payment

    async def _insert(self, tx: AsyncConnection, payment: Payment) -> bool:
        row = row_of(payment) | {"touched_at": self._clock.now()}
        new = insert(payments).values(row).on_conflict_do_nothing()
        return (await tx.execute(new.returning(payments.c.id))).first() is not None


async def _first(tx: AsyncConnection, query: Select[Any]) -> RowMapping | None:
    row: RowMapping | None = (await tx.execute(query)).mappings().first()
    return row


async def _other(tx: AsyncConnection, attempt: Attempt) -> Repeated | None:
    """The attempt that has the key, unless it is this one."""
    found = await repeated(tx, attempt.key)
    return found if found is not None and found.attempt != attempt.id else None


async def _due(tx: AsyncConnection, payment: Payment) -> Money | None:
    """What is due on the bill; None for an account that never had one."""
    known = select(accounts.c.id).where(accounts.c.id == payment.account)
    if await _first(tx, known) is None:
        return None
    return await owed(tx, payment.account, payment.amount.currency)


async def _on_a_page(tx: AsyncConnection, payment: Payment) -> PaymentId | None:
    """Another payment of the same bill, whose payer may be on a page right now."""
    waiting = payments.c.state == State.ACTION_REQUIRED.value
    same = payments.c.account == payment.account
    row = await _first(tx, select(payments.c.id).where(same, waiting, payments.c.last4 == ""))
    return PaymentId(row["id"]) if row is not None else None


async def _in_the_way(tx: AsyncConnection, payment: Payment) -> Payment | StillOpen | ReceiptTaken | None:
    same = await _first(tx, select(payments).where(payments.c.id == payment.id))
    if same is not None:
        return payment_of(same)
    of_bill = select(payments.c.id).where(payments.c.account == payment.account, _UNSETTLED)
    if (unsettled := await _first(tx, of_bill)) is not None:
        return StillOpen(PaymentId(unsettled["id"]))
    if await _first(tx, select(payments.c.id).where(payments.c.receipt == payment.receipt)) is not None:
        return ReceiptTaken()
    if await _first(tx, select(payments.c.id).where(payments.c.key == payment.key)) is not None:
        raise BadInput(f"{payment.id} cannot be opened: its idempotency key belongs to another payment")
    return None
