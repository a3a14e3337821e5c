"""Payments in PostgreSQL: one open a bill, moves once, all of a change or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from sqlalchemy import exc, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import FixedClock
from core.errors import BadInput
from core.events import PaymentMoved
from core.ids import AccountId, PaymentId
from core.money import Money
from db.accounts import StoredAccounts
from db.audit import Intact, verify
from db.bill_rows import BillRow
from db.bills import import_bills
from db.engine import Work
from db.ledger import drifts, owed
from db.payments import StoredPayments
from db.tables import audit, facts, ledger_transactions, payment_moves, payments
from db.timeline import Timeline
from payments.mistakes import NoSuchPayment
from payments.session import TRANSITIONS, State
from payments.store import Move, Opened, Payment, ReceiptTaken, StillOpen, TooMuch

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
NewPayment = Callable[..., Payment]


@pytest.fixture
def store(work: Work, clock: FixedClock) -> StoredPayments:
    return StoredPayments(work, clock)


async def test_an_opened_payment_is_found_as_it_was_written(
    store: StoredPayments, new_payment: NewPayment
) -> None:
    payment = new_payment()
    assert await store.open(payment) == payment
    assert await store.find(payment.id) == payment


async def test_a_second_payment_of_the_same_bill_is_refused_while_one_is_open(
    store: StoredPayments, new_payment: NewPayment
) -> None:
    first = new_payment()
    await store.open(first)
    assert await store.open(new_payment()) == StillOpen(first.id)


async def test_opening_the_same_payment_again_gives_it_back(
    store: StoredPayments, new_payment: NewPayment
) -> None:
    payment = new_payment()
    await store.open(payment)
    assert await store.open(payment) == payment


async def test_a_bill_takes_no_more_than_is_due_on_it(
    store: StoredPayments, new_payment: NewPayment, work: Work, clock: FixedClock
) -> None:
    account = await _billed(work, clock)
    first, second = new_payment(account), new_payment(account)
    await store.open(first)
    await store.move(first.id, Move(State.CAPTURED, ref="ch_1"))
    assert await store.open(second) == TooMuch(Money(0, "USD"))
    assert await store.find(second.id) is None


async def test_callers_who_pay_one_bill_at_once_pay_it_once(
    store: StoredPayments, new_payment: NewPayment, work: Work, clock: FixedClock
) -> None:
    account = await _billed(work, clock)

    async def pay() -> None:
        opened = await store.open(new_payment(account))
        if isinstance(opened, Payment):
            await store.move(opened.id, Move(State.CAPTURED, ref=opened.id))

    async with anyio.create_task_group() as callers:
        for _ in range(40):
            callers.start_soon(pay)
    async with work.begin() as tx:
        assert await owed(tx, account, "USD") == Money(0, "USD")


async def _billed(work: Work, clock: FixedClock) -> AccountId:
    bill = BillRow(2, "12345678", (), "Robin Example", Money(12550, "USD"), "invoice-1")
    await import_bills(work, [bill], Path("bills.csv"), clock, lambda _doing, _done: None)
    account = await StoredAccounts(work).by_number("12345678")
    assert account is not None
    return account.id


async def test_a_receipt_code_is_given_once(store: StoredPayments, new_payment: NewPayment) -> None:
    first = new_payment("acct_1")
    await store.open(first)
    assert await store.open(replace(new_payment("acct_2"), receipt=first.receipt)) == ReceiptTaken()


async def test_an_idempotency_key_of_another_payment_is_refused(
    store: StoredPayments, new_payment: NewPayment
) -> None:
    await store.open(new_payment("acct_1", key="key-1"))
    with pytest.raises(BadInput, match="key belongs to another"):
        await store.open(new_payment("acct_2", key="key-1"))


async def test_of_fifty_opened_at_once_for_one_bill_one_is(
    store: StoredPayments, new_payment: NewPayment, work: Work
) -> None:
    answers: list[Opened] = []

    async def one() -> None:
        answers.append(await store.open(new_payment()))

    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(one)

    (opened,) = [answer for answer in answers if isinstance(answer, Payment)]
    assert {answer.payment for answer in answers if isinstance(answer, StillOpen)} == {opened.id}
    assert await _count(work, payments) == 1


async def test_a_hundred_captures_at_once_post_once(
    store: StoredPayments, new_payment: NewPayment, work: Work
) -> None:
    payment = new_payment()
    await store.open(payment)

    async def capture() -> None:
        moved = await store.move(payment.id, Move(State.CAPTURED, ref="ch_1"))
        assert moved.state is State.CAPTURED

    async with anyio.create_task_group() as group:
        for _ in range(100):
            group.start_soon(capture)

    assert await _count(work, ledger_transactions) == 1
    assert await _count(work, facts) == await _count(work, audit) == 2
    async with work.begin() as tx:
        assert await owed(tx, AccountId("acct_1"), "USD") == Money(-12550, "USD")
    assert await drifts(work) == []
    assert isinstance(await verify(work), Intact)


async def test_a_late_answer_changes_nothing(
    store: StoredPayments, new_payment: NewPayment, work: Work
) -> None:
    payment = new_payment()
    await store.open(payment)
    captured = await store.move(payment.id, Move(State.CAPTURED, ref="ch_1"))
    assert await store.move(payment.id, Move(State.DECLINED, reason="too late")) == captured
    assert await _count(work, facts) == 2


async def test_a_move_is_told_in_the_timeline(
    store: StoredPayments, new_payment: NewPayment, work: Work, url: str
) -> None:
    payment = new_payment()
    await store.open(payment)
    await store.move(payment.id, Move(State.DECLINED, reason="insufficient_funds"))
    opened, declined = [recorded.fact for recorded in await Timeline(work, url).read()]
    assert isinstance(opened, PaymentMoved)
    assert isinstance(declined, PaymentMoved)
    assert (opened.state, declined.state, declined.detail) == ("pending", "declined", "insufficient_funds")


async def test_a_payment_that_nobody_opened_is_not_moved(store: StoredPayments) -> None:
    with pytest.raises(NoSuchPayment, match="pay_none"):
        await store.move(PaymentId("pay_none"), Move(State.CAPTURED))


async def test_unsettled_payments_are_listed_once_they_are_old(
    store: StoredPayments, new_payment: NewPayment, clock: FixedClock
) -> None:
    old, settled, fresh = new_payment("acct_1"), new_payment("acct_2"), new_payment("acct_3")
    await store.open(old)
    await store.open(settled)
    await store.move(settled.id, Move(State.CAPTURED))
    clock.advance(timedelta(minutes=1))
    await store.open(fresh)
    assert [payment.id for payment in await store.unsettled(timedelta(seconds=30))] == [old.id]


async def test_when_the_job_cannot_be_queued_nothing_of_the_move_stays(
    work: Work, clock: FixedClock, new_payment: NewPayment
) -> None:
    async def break_down(_tx: AsyncConnection, _payment: PaymentId) -> None:
        raise RuntimeError("no queue")

    store, payment = StoredPayments(work, clock, break_down), new_payment()
    await store.open(payment)
    with pytest.raises(RuntimeError, match="no queue"):
        await store.move(payment.id, Move(State.UNKNOWN))
    assert await store.find(payment.id) == payment
    assert await _count(work, facts) == await _count(work, audit) == 1


async def test_the_database_allows_the_moves_that_the_code_allows(work: Work) -> None:
    async with work.begin() as tx:
        held = {(row.old, row.new) for row in await tx.execute(select(payment_moves))}
    assert held == {(old.value, new.value) for old, then in TRANSITIONS.items() for new in then}


@pytest.mark.parametrize("new", [State.PENDING, State.DECLINED, State.VOIDED])
async def test_the_database_refuses_other_moves(
    store: StoredPayments, new_payment: NewPayment, work: Work, new: State
) -> None:
    payment = new_payment()
    await store.open(payment)
    await store.move(payment.id, Move(State.CAPTURED))
    with pytest.raises(exc.IntegrityError, match="may not go from captured"):
        async with work.begin() as tx:
            await tx.execute(update(payments).values(state=new.value))


@pytest.mark.parametrize(
    "change", ["amount_minor = 1", "account = 'acct_2'", "key = 'other'", "receipt = 'OTHER'"]
)
async def test_what_a_payment_was_opened_with_stays(
    store: StoredPayments, new_payment: NewPayment, work: Work, change: str
) -> None:
    await store.open(new_payment())
    with pytest.raises(exc.IntegrityError, match="keeps its amount"):
        async with work.begin() as tx:
            await tx.execute(text(f"UPDATE payments SET {change}"))


async def test_a_payment_is_never_deleted(store: StoredPayments, new_payment: NewPayment, work: Work) -> None:
    await store.open(new_payment())
    with pytest.raises(exc.DBAPIError, match="append-only"):
        async with work.begin() as tx:
            await tx.execute(text("DELETE FROM payments"))


async def _count(work: Work, table: object) -> int:
    async with work.begin() as tx:
        return (await tx.execute(select(func.count()).select_from(table))).scalar_one()  # type: ignore[arg-type]
