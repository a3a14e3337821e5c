"""Refunds as they are written down (payments.refunds), in PostgreSQL."""

from datetime import timedelta

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.ids import PaymentId, RefundId
from core.money import Money
from db.engine import Work
from db.ledger import post
from db.money_tables import refunds
from db.payment_rows import Teller, locked
from db.tables import payments
from payments.ledger import refunded
from payments.mistakes import KeyReused
from payments.refunds import OPEN_REFUND, REFUNDABLE, Refund, RefundAsked, RefundState, TooMuchBack
from payments.session import State, may_move
from payments.store import Payment

_OPEN = refunds.c.state.in_(sorted(state.value for state in OPEN_REFUND))
WITH_CHARGE = select(refunds, payments.c.gateway, payments.c.ref.label("charge_ref")).join(
    payments, payments.c.id == refunds.c.payment
)
"""Refunds with the gateway and its id of the charge."""


class StoredRefunds:
    """The KeptRefunds protocol over PostgreSQL. Whoever asks for a payment's money takes turns at its row."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock
        self._teller = Teller(clock)

    async def reserve(self, asked: RefundAsked) -> Refund | TooMuchBack:
        """Write a PENDING refund down, if so much is left, also when many ask at once."""
        async with self._work.begin() as tx:
            payment = await locked(tx, asked.payment)
            known = await _first(tx, WITH_CHARGE.where(refunds.c.key == asked.key))
            if known is not None:
                return _same(known, asked)
            left = payment.left if payment.state in REFUNDABLE else Money(0, payment.amount.currency)
            amount = asked.amount or left
            if amount.currency != left.currency or not 0 < amount.minor <= left.minor:
                return TooMuchBack(left)
            row = {
                "id": asked.id,
                "payment": asked.payment,
                "amount_minor": amount.minor,
                "currency": amount.currency,
                "state": RefundState.PENDING.value,
                "key": asked.key,
                "reason": asked.reason,
                "created_at": asked.at,
                "touched_at": self._clock.now(),
            }
            await tx.execute(insert(refunds).values(row))
            after = await locked(tx, asked.payment)
            await self._teller.note(tx, [after], "refund reserved")
            return await _one(tx, asked.id)

    async def settle(self, refund: RefundId, to: RefundState, ref: str = "", reason: str = "") -> Refund:
        """Take an open refund to another state; a final one is returned as it stands."""
        async with self._work.begin() as tx:
            payment = await locked(tx, (await _one(tx, refund)).payment)
            before = await _one(tx, refund)  # after the lock: as the last who had it left it
            if before.state not in OPEN_REFUND:
                return before
            values = {
                "state": to.value,
                "ref": ref or before.ref,
                "reason": reason or before.reason,
                "touched_at": self._clock.now(),
            }
            await tx.execute(update(refunds).where(refunds.c.id == refund).values(values))
            after = await self._settled(tx, payment, before, to)
            say = self._teller.tell if to is RefundState.DONE else self._teller.note
            await say(tx, [after], f"refund {to.value}")
            return await _one(tx, refund)

    async def of(self, payment: PaymentId) -> list[Refund]:
        """The refunds of a payment, oldest first."""
        return await self._all(WITH_CHARGE.where(refunds.c.payment == payment))

    async def unsettled(self, older_than: timedelta) -> list[Refund]:
        """Open refunds that nobody has touched for that long, oldest first."""
        old = refunds.c.touched_at <= self._clock.now() - older_than
        return await self._all(WITH_CHARGE.where(_OPEN, old))

    async def _all(self, query: "Select[tuple[object, ...]]") -> list[Refund]:
        async with self._work.begin() as tx:
            found = await tx.execute(query.order_by(refunds.c.created_at, refunds.c.id))
            return [refund_of(row) for row in found.mappings()]

    async def _settled(
        self, tx: AsyncConnection, payment: Payment, refund: Refund, to: RefundState
    ) -> Payment:
        if to is not RefundState.DONE:
            return await locked(tx, payment.id)
        lines = refunded(payment.account, payment.gateway, refund.amount)
        await post(tx, f"{refund.id}:done", lines, self._clock.now())
        done = select(func.sum(refunds.c.amount_minor)).where(
            refunds.c.payment == payment.id, refunds.c.state == RefundState.DONE.value
        )
        all_back = (await tx.execute(done)).scalar_one() == payment.captured_minor
        state = State.REFUNDED if all_back else State.PARTIALLY_REFUNDED
        if may_move(payment.state, state):
            values = {"state": state.value, "touched_at": self._clock.now()}
            await tx.execute(update(payments).where(payments.c.id == payment.id).values(values))
        return await locked(tx, payment.id)


async def _one(tx: AsyncConnection, refund: RefundId) -> Refund:
    return refund_of((await tx.execute(WITH_CHARGE.where(refunds.c.id == refund))).mappings().one())


async def _first(tx: AsyncConnection, query: "Select[tuple[object, ...]]") -> RowMapping | None:
    row: RowMapping | None = (await tx.execute(query)).mappings().first()
    return row


def _same(known: RowMapping, asked: RefundAsked) -> Refund:
    refund = refund_of(known)
    if refund.payment != asked.payment or asked.amount not in {None, refund.amount}:
        raise KeyReused(asked.key)
    return refund


def refund_of(row: RowMapping) -> Refund:
    """The refund in a row of WITH_CHARGE."""
    return Refund(
        id=RefundId(row["id"]),
        payment=PaymentId(row["payment"]),
        amount=Money(row["amount_minor"], row["currency"]),
        state=RefundState(row["state"]),
        gateway=row["gateway"],
        charge_ref=row["charge_ref"],
        key=row["key"],
        created_at=row["created_at"],
        ref=row["ref"],
        reason=row["reason"],
    )
