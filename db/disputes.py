"""Disputes as they are written down (payments.disputes), in PostgreSQL."""

from dataclasses import replace

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.ids import PaymentId
from core.money import Money
from db.engine import Work
from db.ledger import post
from db.money_tables import disputes
from db.payment_rows import Teller, locked
from db.storable import storable
from db.tables import payments
from payments.disputes import (
    Answer,
    AnswerKind,
    AnswerState,
    Dispute,
    NoSuchDispute,
    answer_after,
    state_after,
)
from payments.ledger import disputed
from payments.notice import DisputeNews, Stage
from payments.session import may_move
from payments.store import Payment


class StoredDisputes:
    """The KeptDisputes protocol over PostgreSQL."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock
        self._teller = Teller(clock)

    async def note(self, payment: PaymentId, news: DisputeNews) -> Dispute:
        """Write a stage down, post the ledger, move the payment; what is old or comes twice does nothing."""
        async with self._work.begin() as tx:
            paid = await locked(tx, payment)
            old = await _find(tx, paid.gateway, news.ref)
            if old is not None and (old.stage is not Stage.OPENED or news.stage is Stage.OPENED):
                return old
            if old is None:
                old = await self._open(tx, paid, news)
                paid = await self._move(tx, paid, Stage.OPENED, old)
            if news.stage is not Stage.OPENED:
                await self._end(tx, old, news.stage)
                paid = await self._move(tx, paid, news.stage, old)
            await self._teller.tell(tx, [paid], f"dispute {news.stage.value}")
            found = await _find(tx, paid.gateway, news.ref)
            return found or old

    async def find(self, gateway: str, ref: str) -> Dispute | None:
        """One dispute, by the gateway's id of it."""
        async with self._work.begin() as tx:
            return await _find(tx, gateway, storable(ref))

    async def answer(self, gateway: str, ref: str, answer: Answer) -> Dispute:
        """Write an answer down before the gateway hears of it; who comes at the same time takes turns."""
        async with self._work.begin() as tx:
            dispute = await _turn(tx, gateway, ref)
            if (new := answer_after(dispute, answer)) == dispute.answer:
                return dispute
            return await self._answered(tx, dispute, new)

    async def answered(self, gateway: str, ref: str, key: str, to: AnswerState, reason: str) -> Dispute:
        """What the gateway made of the answer with that key; another one stands as it is."""
        async with self._work.begin() as tx:
            dispute = await _turn(tx, gateway, ref)
            if dispute.answer is None or dispute.answer.key != key:
                return dispute
            return await self._answered(tx, dispute, replace(dispute.answer, state=to, reason=reason))

    async def _answered(self, tx: AsyncConnection, dispute: Dispute, answer: Answer) -> Dispute:
        values = {
            "answer": answer.kind.value,
            "answer_key": answer.key,
            "answer_digest": answer.digest,
            "answer_state": answer.state.value,
            "answer_reason": storable(answer.reason),
            "answered_at": answer.at,
        }
        await tx.execute(update(disputes).where(_is(dispute.gateway, dispute.ref)).values(values))
        paid = await locked(tx, dispute.payment)
        await self._teller.note(tx, [paid], f"dispute {answer.kind.value} {answer.state.value}")
        return replace(dispute, answer=answer)

    async def of(self, payment: PaymentId) -> list[Dispute]:
        """The disputes of a payment, oldest first."""
        query = select(disputes).where(disputes.c.payment == payment).order_by(disputes.c.opened_at)
        async with self._work.begin() as tx:
            return [dispute_of(row) for row in (await tx.execute(query)).mappings()]

    async def _open(self, tx: AsyncConnection, paid: Payment, news: DisputeNews) -> Dispute:
        row = {
            "gateway": paid.gateway,
            "ref": news.ref,
            "payment": paid.id,
            "stage": Stage.OPENED.value,
            "amount_minor": news.amount.minor,
            "currency": news.amount.currency,
            "reason": news.reason,
            "due_by": news.due_by,
            "opened_at": self._clock.now(),
        }
        new = insert(disputes).values(row).returning(disputes)
        return dispute_of((await tx.execute(new)).mappings().one())

    async def _end(self, tx: AsyncConnection, dispute: Dispute, stage: Stage) -> None:
        mine = _is(dispute.gateway, dispute.ref)
        await tx.execute(update(disputes).where(mine).values(stage=stage.value))

    async def _move(self, tx: AsyncConnection, paid: Payment, stage: Stage, dispute: Dispute) -> Payment:
        lines = disputed(stage, paid.account, paid.gateway, dispute.amount)
        reference = f"dispute:{dispute.gateway}:{dispute.ref}:{stage.value}"
        await post(tx, reference, lines, self._clock.now())
        to = state_after(stage, paid)
        if may_move(paid.state, to):
            values = {"state": to.value, "touched_at": self._clock.now()}
            await tx.execute(update(payments).where(payments.c.id == paid.id).values(values))
        return await locked(tx, paid.id)


async def _find(tx: AsyncConnection, gateway: str, ref: str) -> Dispute | None:
    row = (await tx.execute(select(disputes).where(_is(gateway, ref)))).mappings().first()
    return dispute_of(row) if row is not None else None


async def _turn(tx: AsyncConnection, gateway: str, ref: str) -> Dispute:
    """The dispute, whose row is ours until the commit. Raises NoSuchDispute."""
    query = select(disputes).where(_is(gateway, storable(ref))).with_for_update()
    row = (await tx.execute(query)).mappings().first()
    if row is None:
        raise NoSuchDispute(gateway, ref)
    return dispute_of(row)


def _is(gateway: str, ref: str) -> ColumnElement[bool]:
    return (disputes.c.gateway == gateway) & (disputes.c.ref == ref)


def dispute_of(row: RowMapping) -> Dispute:
    """The dispute in a row."""
    return Dispute(
        gateway=row["gateway"],
        ref=row["ref"],
        payment=PaymentId(row["payment"]),
        stage=Stage(row["stage"]),
        amount=Money(row["amount_minor"], row["currency"]),
        reason=row["reason"],
        due_by=row["due_by"],
        opened_at=row["opened_at"],
        answer=_answer_of(row),
    )


def _answer_of(row: RowMapping) -> Answer | None:
    if row["answer"] is None:
        return None
    return Answer(
        AnswerKind(row["answer"]),
        row["answer_key"],
        row["answer_digest"],
        row["answered_at"],
        AnswerState(row["answer_state"]),
        row["answer_reason"],
    )
