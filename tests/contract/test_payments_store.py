"""What every store of payments does; `store_factory` names the stores."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from core.clock import FixedClock
from core.ids import AccountId, CallId, PaymentId, new_payment_id
from core.money import Money
from db.engine import Work
from db.payments import StoredPayments
from payments.memory import MemoryPayments
from payments.session import State
from payments.store import Move, Payment, Payments, ReceiptTaken, StillOpen

pytestmark = pytest.mark.anyio

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
StoreFactory = Callable[[FixedClock], AbstractAsyncContextManager[Payments]]

_receipts = count()


@asynccontextmanager
async def memory(clock: FixedClock) -> AsyncIterator[Payments]:
    yield MemoryPayments(clock)


def postgresql(work: Work) -> StoreFactory:
    @asynccontextmanager
    async def opens(clock: FixedClock) -> AsyncIterator[Payments]:
        yield StoredPayments(work, clock)

    return opens


@pytest.fixture(params=["memory", pytest.param("postgresql", marks=pytest.mark.integration)])
def store_factory(request: pytest.FixtureRequest) -> StoreFactory:
    return memory if request.param == "memory" else postgresql(request.getfixturevalue("work"))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
async def store(store_factory: StoreFactory, clock: FixedClock) -> AsyncIterator[Payments]:
    async with store_factory(clock) as opened:
        yield opened


def payment(account: str = "acct_1", receipt: str = "", at: datetime = START) -> Payment:
    name = new_payment_id()
    return Payment(
        id=name,
        call=CallId("call_1"),
        account=AccountId(account),
        amount=Money(12550, "USD"),
        state=State.PENDING,
        gateway="sandbox",
        key=f"{name}_1",
        brand="visa",
        last4="4242",
        receipt=receipt or f"{next(_receipts):08d}",
        created_at=at,
    )


async def opened(store: Payments, wanted: Payment | None = None) -> Payment:
    written = await store.open(wanted or payment())
    assert isinstance(written, Payment)
    return written


async def test_a_payment_is_found_as_it_was_written(store: Payments) -> None:
    wanted = payment()
    assert await store.open(wanted) == wanted
    assert await store.find(wanted.id) == wanted


async def test_a_payment_opened_again_is_given_back_as_it_stands(store: Payments) -> None:
    wanted = await opened(store)
    unknown = await store.move(wanted.id, Move(State.UNKNOWN))
    assert await store.open(wanted) == unknown


async def test_a_payment_that_nobody_wrote_is_not_found(store: Payments) -> None:
    assert await store.find(PaymentId("pay_none")) is None


async def test_a_bill_with_an_unsettled_payment_takes_no_other(store: Payments) -> None:
    first = await opened(store)
    assert await store.open(payment()) == StillOpen(first.id)
    await store.move(first.id, Move(State.UNKNOWN))
    assert await store.open(payment()) == StillOpen(first.id)
    assert isinstance(await store.open(payment("acct_2")), Payment)


@pytest.mark.parametrize("end", [State.DECLINED, State.NOT_ATTEMPTED, State.CAPTURED])
async def test_a_bill_whose_payment_ended_takes_another(store: Payments, end: State) -> None:
    first = await opened(store)
    await store.move(first.id, Move(end))
    assert isinstance(await store.open(payment()), Payment)


async def test_a_bill_whose_payer_is_on_a_page_takes_no_other_until_that_is_over(store: Payments) -> None:
    page = await opened(store, replace(payment(), brand="", last4=""))
    await store.move(page.id, Move(State.ACTION_REQUIRED, "cs_1", "on the page"))
    assert await store.open(payment()) == StillOpen(page.id)
    assert await store.open(replace(payment(), brand="", last4="")) == StillOpen(page.id)
    assert isinstance(await store.open(payment("acct_2")), Payment)
    await store.move(page.id, Move(State.DECLINED))
    assert isinstance(await store.open(payment()), Payment)


async def test_a_card_that_the_bank_wants_more_of_is_not_in_the_way(store: Payments) -> None:
    card = await opened(store)
    await store.move(card.id, Move(State.ACTION_REQUIRED, "pi_1"))
    assert isinstance(await store.open(payment()), Payment)


async def test_a_receipt_code_is_given_once_for_all_time(store: Payments) -> None:
    first = await opened(store, payment(receipt="12345678"))
    await store.move(first.id, Move(State.CAPTURED))
    other = payment("acct_2", receipt="12345678")
    assert await store.open(other) == ReceiptTaken()
    assert await store.find(other.id) is None


async def test_a_move_is_kept_with_what_became_known(store: Payments) -> None:
    first = await opened(store)
    moved = await store.move(first.id, Move(State.CAPTURED, ref="pi_1", reason="approved"))
    assert (moved.state, moved.ref, moved.reason) == (State.CAPTURED, "pi_1", "approved")
    assert await store.find(first.id) == moved


async def test_a_reference_once_known_is_not_lost_by_a_later_move(store: Payments) -> None:
    first = await opened(store)
    await store.move(first.id, Move(State.UNKNOWN, ref="pi_1"))
    assert (await store.move(first.id, Move(State.CAPTURED))).ref == "pi_1"


async def test_a_late_answer_never_overwrites_the_end(store: Payments) -> None:
    first = await opened(store)
    ended = await store.move(first.id, Move(State.DECLINED, ref="pi_1", reason="no"))
    assert await store.move(first.id, Move(State.CAPTURED, ref="pi_2")) == ended
    assert await store.move(first.id, Move(State.UNKNOWN)) == ended
    assert await store.find(first.id) == ended


async def test_moving_to_the_same_state_again_changes_nothing(store: Payments) -> None:
    first = await opened(store)
    moved = await store.move(first.id, Move(State.CAPTURED, ref="pi_1"))
    assert await store.move(first.id, Move(State.CAPTURED, ref="pi_2")) == moved


async def test_unsettled_payments_are_listed_once_left_alone_for_long_enough(
    store: Payments, clock: FixedClock
) -> None:
    first = await opened(store, payment("acct_1", at=clock.now()))
    clock.advance(timedelta(seconds=10))
    second = await opened(store, payment("acct_2", at=clock.now()))
    third = await opened(store, payment("acct_3", at=clock.now()))
    await store.move(third.id, Move(State.CAPTURED))
    clock.advance(timedelta(seconds=60))
    assert await store.unsettled(timedelta(seconds=60)) == [first, second]
    assert await store.unsettled(timedelta(seconds=65)) == [first]


async def test_a_move_counts_as_a_touch(store: Payments, clock: FixedClock) -> None:
    first = await opened(store)
    clock.advance(timedelta(seconds=60))
    unknown = await store.move(first.id, Move(State.UNKNOWN))
    assert await store.unsettled(timedelta(seconds=30)) == []
    clock.advance(timedelta(seconds=30))
    assert await store.unsettled(timedelta(seconds=30)) == [unknown]
