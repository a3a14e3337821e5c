"""Whatever breaks, the gateway's books and our ledger agree to the cent; on the real PostgreSQL."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import anyio
import pytest

from core.clock import SystemClock
from core.errors import OutOfReach
from core.ids import PaymentId
from core.money import Money
from db.engine import Work
from node.parts.postgres import Postgres
from payments.gateways.sandbox.gateway import Fault, SandboxGateway
from payments.hearing import Heard
from payments.limits import Limits
from payments.mistakes import KeyReused
from payments.notice import ChargeNews, DisputeNews, News, Notice, Stage
from payments.outcome import Approved, DeclineCode, Declined, Outcome
from payments.refunds import Refund, RefundState
from payments.session import State
from payments.store import Payment
from payments.taken import Paid, Taken, Unconfirmed
from tests.integration.payments.branch import DUE, Branch, branch

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def many(times: int, do: Callable[[int], Awaitable[object]]) -> list[object]:
    """What comes of doing something so often at once."""
    answers: list[object] = []

    async def each(number: int) -> None:
        answers.append(await do(number))

    async with anyio.create_task_group() as group:
        for number in range(times):
            group.start_soon(each, number)
    return answers


async def paid(one: Branch) -> Payment:
    taken = await one.desk.take(one.order())
    assert isinstance(taken, Paid)
    return taken.payment


async def test_fifty_calls_with_the_same_key_charge_once(one: Branch) -> None:
    answers = await many(50, lambda _: one.desk.take(one.order(key="key-1")))
    assert {type(answer) for answer in answers} == {Paid}
    assert len({answer.payment.id for answer in answers if isinstance(answer, Paid)}) == 1
    assert await one.agree() == DUE.minor


async def test_fifty_calls_with_the_same_key_on_two_nodes_charge_once(work: Work, url: str) -> None:
    other_work = Work(url)
    async with branch(work) as here, branch(other_work, here.gateway.books) as there:
        nodes = (here, there)
        answers = await many(50, lambda n: nodes[n % 2].desk.take(nodes[n % 2].order(key="key-1")))
        assert sum(isinstance(answer, Paid) for answer in answers) >= 1
        assert len(here.gateway.books.charged) == 1
        assert await here.agree() == DUE.minor
    await other_work.close()


async def test_a_key_of_another_order_writes_nothing(one: Branch) -> None:
    await one.desk.take(one.order(key="key-1"))
    with pytest.raises(KeyReused):
        await one.desk.take(replace(one.order(key="key-1"), amount=Money(1, "USD")))
    assert await one.states() == [State.CAPTURED]


async def test_a_hundred_refunds_at_once_give_back_what_was_taken_and_no_more(one: Branch) -> None:
    payment = await paid(one)
    back = Money(1_000, "USD")
    answers = await many(100, lambda n: one.desk.refund(payment.id, back, key=f"refund-{n}"))
    assert sum(isinstance(answer, Refund) and answer.state is RefundState.DONE for answer in answers) == 12
    assert await one.agree() == 550
    assert (await one.find(payment)).state is State.PARTIALLY_REFUNDED


async def test_a_hundred_refunds_with_the_same_key_give_back_once(one: Branch) -> None:
    payment = await paid(one)
    await many(100, lambda _: one.desk.refund(payment.id, Money(1_000, "USD"), key="refund"))
    assert await one.agree() == 11_550


async def test_refunds_without_answers_are_found_out(one: Branch) -> None:
    payment = await paid(one)
    for fault in (Fault.SILENT, Fault.LOST):
        one.gateway.fail(fault)
        refund = await one.desk.refund(payment.id, Money(1_000, "USD"), key=fault.value)
        assert isinstance(refund, Refund)
        assert refund.state is RefundState.UNKNOWN
    assert await one.reconciler().sweep() == 2
    assert await one.agree() == 11_550


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.LOST, Fault.SLOW])
async def test_a_gateway_without_an_answer_is_asked_until_it_tells(work: Work, fault: Fault) -> None:
    async with branch(work, limits=Limits(purchase_s=1.0)) as one:
        one.gateway.fail(fault, seconds=30)
        taken = await one.desk.take(one.order())
        assert isinstance(taken, Unconfirmed)
        assert await one.states() == [State.UNKNOWN]
        await one.settled()
        assert await one.agree() == (DUE.minor if fault is Fault.SILENT else 0)


class Liar(SandboxGateway):
    """Says that it charged, and when it is asked again that it did not."""

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        return Declined(DeclineCode.DO_NOT_HONOR, "never happened", ref)


async def test_a_lie_after_a_success_changes_nothing(work: Work) -> None:
    async with branch(work) as one:
        payment = await paid(one)
        lying = Liar(one.gateway._chance, one.gateway.books)
        liar = replace(one, gateway=lying)
        assert await liar.reconciler().sweep() == 0
        await liar.reconciler().settle(payment.id)
        assert await one.find(payment) == payment
        late = ChargeNews(payment.id, payment.ref, Declined(DeclineCode.DO_NOT_HONOR, "never happened"))
        notice = Notice("sandbox", "ev_1", SystemClock().now(), late)
        assert await one.desk.hear(notice) is Heard.NOTHING_NEW
        assert await one.agree() == DUE.minor


async def test_two_nodes_that_settle_the_same_payment_settle_it_once(work: Work, url: str) -> None:
    other_work = Work(url)
    async with branch(work) as here, branch(other_work, here.gateway.books) as there:
        here.gateway.fail(Fault.SILENT, times=5)
        await many(5, lambda n: here.desk.take(here.order(f"acct_{n}")))
        assert Counter(await here.states()) == {State.UNKNOWN: 5}
        await many(8, lambda n: (here, there)[n % 2].reconciler().sweep())
        assert Counter(await here.states()) == {State.CAPTURED: 5}
        assert await here.agree() == 5 * DUE.minor
    await other_work.close()


async def test_webhooks_that_come_twice_and_in_any_order_count_once(one: Branch) -> None:
    one.gateway.fail(Fault.SILENT)
    taken = await one.desk.take(one.order())
    assert isinstance(taken, Unconfirmed)
    (entry,) = one.gateway.books.charged
    now = SystemClock().now()
    charged = ChargeNews(taken.payment.id, entry.ref, Approved(entry.ref))
    early = ChargeNews(taken.payment.id, entry.ref, Approved(entry.ref, captured=False))
    stages = [DisputeNews(entry.ref, "dp_1", stage, DUE) for stage in (Stage.WON, Stage.OPENED)]
    news: list[News] = [charged, early, charged, *stages, charged, early]
    for number, told in enumerate(news):
        notice = Notice("sandbox", f"ev_{number}", now, told)
        for _ in range(3):
            await one.desk.hear(notice)
    assert await one.states() == [State.CAPTURED]
    assert await one.agree() == DUE.minor


async def test_a_database_that_is_killed_under_load_costs_no_cent(
    mortal: Postgres, mortal_work: Work
) -> None:
    async with branch(mortal_work) as one:
        answers: list[Taken] = []

        async def take(number: int) -> None:
            answers.append(await one.desk.take(one.order(f"acct_{number}")))
            if len(answers) == 40:
                half.set()

        half = anyio.Event()
        async with anyio.create_task_group() as callers:
            for number in range(40):
                callers.start_soon(take, number)
            await half.wait()
            one.gateway.fail(Fault.SLOW, times=40, seconds=0.5)
            for number in range(40, 120):
                callers.start_soon(take, number)
            with anyio.fail_after(30):
                while len(one.gateway.books.charged) < 60:  # noqa: ASYNC110 - until charges are under way
                    await anyio.sleep(0.01)
            await mortal.kill()
            await mortal.start()
        await one.desk.drain(30)
        await one.settled()
        charged = len(one.gateway.books.charged)
        assert await one.agree() == charged * DUE.minor
        assert Counter(await one.states())[State.CAPTURED] == charged
        assert sum(isinstance(answer, Paid) for answer in answers) <= charged


async def test_a_desk_that_is_closed_says_so(work: Work) -> None:
    async with branch(work) as one:
        payment = await paid(one)
        await one.desk.drain(5)
        with pytest.raises(OutOfReach, match="closed"):
            await one.desk.refund(payment.id, key="refund")
        assert await one.agree() == DUE.minor
