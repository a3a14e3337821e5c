"""What every set of stores does with attempts, refunds, disputes and stored cards; memory and PostgreSQL."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import anyio
import pytest
from sqlalchemy import text

from core.clock import FixedClock
from core.ids import AccountId, CallId, PaymentId, new_attempt_id, new_payment_id, new_refund_id
from core.money import Money
from db.engine import Work
from db.ledger import drifts
from db.stores import stored
from payments.attempt import Attempt
from payments.brand import Brand
from payments.disputes import Answer, AnswerKind, AnswerState, NoSuchDispute
from payments.memory import MemoryPayments
from payments.memory_money_back import memory_stores
from payments.methods import MethodId, StoredCard
from payments.mistakes import CannotDo, KeyReused, NoSuchPayment
from payments.notice import DisputeNews, Stage
from payments.orders import Token
from payments.purchase import Method, Purchase
from payments.refunds import Refund, RefundAsked, RefundState, TooMuchBack
from payments.risk import Decision, Verdict
from payments.route import Passed, Route
from payments.session import State
from payments.store import Move, Payment, Repeated, StillOpen
from payments.stores import Stores

pytestmark = pytest.mark.anyio

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
ME = AccountId("acct_1")
_numbers = count(1)

_SUMS = """
SELECT account, sum(amount_minor)::bigint FROM ledger_entries GROUP BY 1 HAVING sum(amount_minor) <> 0
"""


class Room:
    """Stores, and the sums of the ledger's accounts."""

    def __init__(self, stores: Stores, work: Work | None = None) -> None:
        self.stores, self._work = stores, work

    async def sums(self) -> dict[str, int]:
        """The accounts that are not at zero."""
        if self._work is None:
            return self._of_memory()
        assert not await drifts(self._work)
        async with self._work.begin() as tx:
            return {str(account): int(minor) for account, minor in await tx.execute(text(_SUMS))}

    def _of_memory(self) -> dict[str, int]:
        payments = self.stores.payments
        assert isinstance(payments, MemoryPayments)
        sums: dict[str, int] = {}
        for posting in payments.ledger:
            sums[posting.account] = sums.get(posting.account, 0) + posting.amount.minor
        return {account: minor for account, minor in sums.items() if minor}


Opens = Callable[[FixedClock], AbstractAsyncContextManager[Room]]


@asynccontextmanager
async def memory(clock: FixedClock) -> AsyncIterator[Room]:
    yield Room(memory_stores(MemoryPayments(clock)))


def postgresql(work: Work) -> Opens:
    @asynccontextmanager
    async def opens(clock: FixedClock) -> AsyncIterator[Room]:
        yield Room(stored(work, clock), work)

    return opens


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture(params=["memory", pytest.param("postgresql", marks=pytest.mark.integration)])
def opens(request: pytest.FixtureRequest) -> Opens:
    return memory if request.param == "memory" else postgresql(request.getfixturevalue("work"))


@pytest.fixture
async def room(opens: Opens, clock: FixedClock) -> AsyncIterator[Room]:
    async with opens(clock) as opened:
        yield opened


def payment(minor: int = 1000, attempt: Attempt | None = None) -> Payment:
    name = new_payment_id()
    return Payment(
        id=name,
        call=CallId("call_1"),
        account=ME,
        amount=Money(minor, "USD"),
        state=State.PENDING,
        gateway="sandbox",
        key=f"{name}_1",
        brand="visa",
        last4="4242",
        receipt=f"{next(_numbers):08d}",
        created_at=START,
        attempt=attempt.id if attempt else None,
    )


def attempt(key: str = "", digest: str = "the order") -> Attempt:
    name = new_attempt_id()
    purchase = Purchase(name, START, Money(1000, "USD"), Method.CARD, ME, brand="visa", last4="4242")
    verdict = Verdict(Decision.ALLOW, 0.25, ("known caller",), "rules/1")
    return Attempt(purchase, key or name, digest, verdict, Route((), (Passed("other", "down"),), "first"))


async def paid(room: Room, minor: int = 1000) -> Payment:
    """A payment that is captured; the gateway knows it by its own id."""
    opened = await room.stores.payments.open(payment(minor))
    assert isinstance(opened, Payment)
    return await room.stores.payments.move(opened.id, Move(State.CAPTURED, f"ch_{opened.id}"))


def asked(payment: Payment, minor: int | None, key: str = "") -> RefundAsked:
    name = new_refund_id()
    return RefundAsked(
        name, payment.id, Money(minor, "USD") if minor else None, key or name, START, "asked for"
    )


async def stands(room: Room, payment: Payment) -> Payment:
    found = await room.stores.payments.find(payment.id)
    assert found is not None
    return found


async def reserved(room: Room, payment: Payment, minor: int | None, key: str = "") -> Refund:
    refund = await room.stores.refunds.reserve(asked(payment, minor, key))
    assert isinstance(refund, Refund)
    return refund


async def test_an_attempt_is_written_with_its_payment_and_found_by_its_key(room: Room) -> None:
    first = attempt("key-1")
    opened = await room.stores.payments.open(payment(attempt=first), first)
    assert isinstance(opened, Payment)
    assert await room.stores.payments.attempted("key-1") == Repeated(first.id, "the order", opened)
    assert await room.stores.payments.attempted("key-2") is None


async def test_the_same_key_opens_nothing_more(room: Room) -> None:
    first, second = attempt("key-1"), attempt("key-1")
    opened = await room.stores.payments.open(payment(attempt=first), first)
    again = await room.stores.payments.open(payment(attempt=second), second)
    assert isinstance(opened, Payment)
    assert again == Repeated(first.id, "the order", opened)


async def test_an_attempt_may_open_a_payment_at_each_gateway(room: Room) -> None:
    one = attempt("key-1")
    first = await room.stores.payments.open(payment(attempt=one), one)
    assert isinstance(first, Payment)
    await room.stores.payments.move(first.id, Move(State.NOT_ATTEMPTED))
    second = await room.stores.payments.open(payment(attempt=one), one)
    assert isinstance(second, Payment)
    found = await room.stores.payments.attempted("key-1")
    assert found is not None
    assert found.payment == second


async def test_an_attempt_whose_payment_could_not_be_opened_leaves_no_trace(room: Room) -> None:
    first, second = attempt("key-1"), attempt("key-2")
    await room.stores.payments.open(payment(attempt=first), first)
    assert isinstance(await room.stores.payments.open(payment(attempt=second), second), StillOpen)
    assert await room.stores.payments.attempted("key-2") is None


async def test_an_attempt_without_a_payment_is_noted_once(room: Room) -> None:
    first = attempt("key-1")
    assert await room.stores.payments.note(first) is None
    assert await room.stores.payments.note(attempt("key-1")) == Repeated(first.id, "the order", None)


async def test_reserved_money_is_captured_in_part(room: Room) -> None:
    opened = await room.stores.payments.open(payment())
    assert isinstance(opened, Payment)
    await room.stores.payments.move(opened.id, Move(State.AUTHORIZED, "auth_1"))
    asked_for = await room.stores.payments.move(opened.id, Move(State.CAPTURING, amount=Money(600, "USD")))
    assert (asked_for.captured_minor, await room.sums()) == (600, {})
    taken = await room.stores.payments.move(opened.id, Move(State.CAPTURED))
    assert (taken.state, taken.captured_minor, taken.left) == (State.CAPTURED, 600, Money(600, "USD"))
    assert await room.sums() == {"gateway:sandbox": 600, "account:acct_1": -600}


async def test_a_capture_that_was_refused_frees_the_amount(room: Room) -> None:
    opened = await room.stores.payments.open(payment())
    assert isinstance(opened, Payment)
    for state in (State.AUTHORIZED, State.CAPTURING, State.AUTHORIZED):
        moved = await room.stores.payments.move(opened.id, Move(state))
    assert (moved.state, moved.captured_minor) == (State.AUTHORIZED, 0)


async def test_a_payment_is_found_by_the_gateways_name_for_it(room: Room) -> None:
    one = await paid(room)
    assert await room.stores.payments.charged_as("sandbox", one.ref) == one
    assert await room.stores.payments.charged_as("other", one.ref) is None
    assert await room.stores.payments.charged_as("sandbox", "") is None


async def test_a_refund_in_parts_is_posted_part_by_part(room: Room) -> None:
    one = await paid(room)
    first = await reserved(room, one, 300)
    assert await room.sums() == {"gateway:sandbox": 1000, "account:acct_1": -1000}
    done = await room.stores.refunds.settle(first.id, RefundState.DONE, "re_1")
    assert (done.state, done.ref, done.charge_ref) == (RefundState.DONE, "re_1", one.ref)
    assert (await stands(room, one)).state is State.PARTIALLY_REFUNDED
    rest = await reserved(room, one, None)
    assert rest.amount == Money(700, "USD")
    await room.stores.refunds.settle(rest.id, RefundState.DONE, "re_2")
    assert (await stands(room, one)).state is State.REFUNDED
    assert await room.sums() == {}


async def test_no_more_is_reserved_than_is_left(room: Room) -> None:
    one = await paid(room)
    await reserved(room, one, 700)
    assert await room.stores.refunds.reserve(asked(one, 301)) == TooMuchBack(Money(300, "USD"))
    assert isinstance(await room.stores.refunds.reserve(asked(one, 300)), Refund)
    assert await room.stores.refunds.reserve(asked(one, None)) == TooMuchBack(Money(0, "USD"))


async def test_of_a_hundred_refunds_at_once_as_many_are_reserved_as_there_is_money_for(room: Room) -> None:
    one = await paid(room, 1000)
    answers: list[Refund | TooMuchBack] = []

    async def back() -> None:
        answers.append(await room.stores.refunds.reserve(asked(one, 30)))

    async with anyio.create_task_group() as group:
        for _ in range(100):
            group.start_soon(back)
    assert sum(isinstance(answer, Refund) for answer in answers) == 33
    assert (await stands(room, one)).left == Money(10, "USD")


async def test_a_refund_that_failed_frees_its_amount(room: Room) -> None:
    one = await paid(room)
    refund = await reserved(room, one, 1000)
    await room.stores.refunds.settle(refund.id, RefundState.FAILED, reason="no")
    assert (await stands(room, one)).left == Money(1000, "USD")
    assert (await stands(room, one)).state is State.CAPTURED


async def test_a_final_refund_stays_and_is_posted_once(room: Room) -> None:
    one = await paid(room)
    refund = await reserved(room, one, 400)
    await room.stores.refunds.settle(refund.id, RefundState.UNKNOWN)
    done = await room.stores.refunds.settle(refund.id, RefundState.DONE, "re_1")
    assert await room.stores.refunds.settle(refund.id, RefundState.FAILED) == done
    assert await room.stores.refunds.settle(refund.id, RefundState.DONE, "re_2") == done
    assert await room.sums() == {"gateway:sandbox": 600, "account:acct_1": -600}


async def test_the_same_refund_key_is_the_same_refund(room: Room) -> None:
    one = await paid(room)
    first = await reserved(room, one, 300, "key-1")
    assert await reserved(room, one, 300, "key-1") == first
    with pytest.raises(KeyReused):
        await room.stores.refunds.reserve(asked(one, 301, "key-1"))


async def test_only_money_that_was_taken_is_given_back(room: Room) -> None:
    opened = await room.stores.payments.open(payment())
    assert isinstance(opened, Payment)
    assert await room.stores.refunds.reserve(asked(opened, 1)) == TooMuchBack(Money(0, "USD"))
    gone = replace(opened, id=PaymentId("pay_none"))
    with pytest.raises(NoSuchPayment, match="pay_none"):
        await room.stores.refunds.reserve(asked(gone, 1))


async def test_open_refunds_are_listed_once_left_alone_for_long_enough(room: Room, clock: FixedClock) -> None:
    one = await paid(room)
    first, second = await reserved(room, one, 100), await reserved(room, one, 100)
    await room.stores.refunds.settle(second.id, RefundState.DONE, "re_1")
    clock.advance(timedelta(seconds=60))
    assert await room.stores.refunds.unsettled(timedelta(seconds=60)) == [first]
    assert await room.stores.refunds.unsettled(timedelta(seconds=61)) == []


def news(one: Payment, stage: Stage, ref: str = "dp_1") -> DisputeNews:
    return DisputeNews(one.ref, ref, stage, Money(1000, "USD"), "fraudulent")


@pytest.mark.parametrize(
    ("stages", "state", "sums"),
    [
        ([Stage.OPENED], State.DISPUTED, {"disputed:sandbox": 1000, "account:acct_1": -1000}),
        ([Stage.OPENED, Stage.WON], State.CAPTURED, {"gateway:sandbox": 1000, "account:acct_1": -1000}),
        ([Stage.OPENED, Stage.LOST], State.CHARGED_BACK, {}),
        ([Stage.LOST, Stage.OPENED], State.CHARGED_BACK, {}),
        (
            [Stage.WON, Stage.LOST, Stage.OPENED],
            State.CAPTURED,
            {"gateway:sandbox": 1000, "account:acct_1": -1000},
        ),
    ],
)
async def test_each_stage_of_a_dispute_counts_once_and_in_any_order(
    room: Room, stages: list[Stage], state: State, sums: dict[str, int]
) -> None:
    one = await paid(room)
    for stage in stages:
        await room.stores.disputes.note(one.id, news(one, stage))
        await room.stores.disputes.note(one.id, news(one, stage))
    assert (await stands(room, one)).state is state
    assert await room.sums() == sums
    (dispute,) = await room.stores.disputes.of(one.id)
    assert dispute.stage is (stages[-1] if stages[-1] is not Stage.OPENED or len(stages) == 1 else stages[0])


def evidence(key: str, digest: str = "d1") -> Answer:
    return Answer(AnswerKind.EVIDENCE, key, digest, START)


async def test_an_answer_to_a_dispute_is_kept_under_its_key(room: Room) -> None:
    one = await paid(room)
    await room.stores.disputes.note(one.id, news(one, Stage.OPENED))
    store = room.stores.disputes
    assert (await store.answer("sandbox", "dp_1", evidence("k1"))).answer == evidence("k1")
    done = await store.answered("sandbox", "dp_1", "k1", AnswerState.DONE, "")
    assert done.answer == replace(evidence("k1"), state=AnswerState.DONE)
    assert (await store.answer("sandbox", "dp_1", evidence("k1"))) == done
    assert await store.find("sandbox", "dp_1") == done
    with pytest.raises(KeyReused):
        await store.answer("sandbox", "dp_1", evidence("k1", "another text"))
    with pytest.raises(CannotDo):
        await store.answer("sandbox", "dp_1", evidence("k2", "another text"))
    accepted = Answer(AnswerKind.ACCEPTED, "k3", "", START)
    assert (await store.answer("sandbox", "dp_1", accepted)).answer == accepted
    await store.note(one.id, news(one, Stage.LOST))
    assert (await store.of(one.id))[0].answer == accepted


async def test_a_dispute_that_is_over_or_unknown_takes_no_answer(room: Room) -> None:
    one = await paid(room)
    with pytest.raises(NoSuchDispute):
        await room.stores.disputes.answer("sandbox", "dp_1", evidence("k1"))
    await room.stores.disputes.note(one.id, news(one, Stage.WON))
    with pytest.raises(CannotDo):
        await room.stores.disputes.answer("sandbox", "dp_1", evidence("k1"))


async def test_what_is_disputed_is_not_given_back_too(room: Room) -> None:
    one = await paid(room)
    await room.stores.disputes.note(one.id, news(one, Stage.OPENED))
    assert await room.stores.refunds.reserve(asked(one, 1)) == TooMuchBack(Money(0, "USD"))


def card(name: str, *, reusable: bool, listed: bool = False, owner: str = "") -> StoredCard:
    token = Token("sandbox", f"tok_{name}", reusable, owner)
    return StoredCard(MethodId(name), ME, token, Brand.VISA, "4242", START, "hmac", listed)


async def test_a_one_time_token_is_used_once_also_by_many(room: Room) -> None:
    one = card("pm_1", reusable=False)
    await room.stores.methods.keep(one)
    uses: list[bool] = []

    async def use() -> None:
        uses.append(await room.stores.methods.use(one.id))

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(use)
    assert sum(uses) == 1


async def test_a_reusable_card_is_used_until_it_is_forgotten(room: Room) -> None:
    one = card("pm_1", reusable=True, owner="cus_1")
    await room.stores.methods.keep(one)
    await room.stores.methods.keep(one)
    assert await room.stores.methods.find(one.id) == one
    assert await room.stores.methods.owner(ME, "sandbox") == "cus_1"
    assert [await room.stores.methods.use(one.id) for _ in range(2)] == [True, True]
    await room.stores.methods.forget(one.id)
    await room.stores.methods.forget(one.id)
    assert await room.stores.methods.find(one.id) is None
    assert not await room.stores.methods.use(one.id)


async def test_a_customer_sees_the_cards_that_were_stored_as_payment_methods(room: Room) -> None:
    own, other = card("pm_1", reusable=True, listed=True), card("pm_2", reusable=True)
    await room.stores.methods.keep(own)
    await room.stores.methods.keep(other)
    assert await room.stores.methods.listed(ME) == [own]
    assert await room.stores.methods.listed(AccountId("acct_2")) == []
