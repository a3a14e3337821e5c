"""Jobs: queued with the change or not at all, run, retried, rescued, and listed when they failed for good."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import pytest
from sqlalchemy import text

from core.clock import FixedClock
from core.errors import BadInput, OutOfReach
from core.ids import PaymentId
from db.engine import Work
from db.jobs import SETTLE, Attempts, Jobs
from db.payments import StoredPayments
from node.parts.postgres import Postgres
from payments.session import State
from payments.store import Move, Payment

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
NewPayment = Callable[..., Payment]

AT_ONCE = Attempts(first_after_s=0, times=2, growth_s=0)


class Asked:
    """A gateway's reconciliation that notes what it was asked, and fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.payments: list[PaymentId] = []
        self._failures = failures
        self._told = anyio.Event()

    async def settle(self, payment: PaymentId) -> None:
        self.payments.append(payment)
        self._told.set()
        self._told = anyio.Event()
        if len(self.payments) <= self._failures:
            raise OutOfReach("the gateway does not answer")

    async def times(self, count: int) -> None:
        with anyio.fail_after(30):
            while len(self.payments) < count:
                await self._told.wait()


@asynccontextmanager
async def running(jobs: Jobs) -> AsyncIterator[None]:
    async with anyio.create_task_group() as group:
        group.start_soon(jobs.run)
        yield
        group.cancel_scope.cancel()


async def _left_unknown(work: Work, clock: FixedClock, payment: Payment, jobs: Jobs) -> None:
    store = StoredPayments(work, clock, jobs.settle_soon)
    await store.open(payment)
    await store.move(payment.id, Move(State.UNKNOWN, reason="no answer"))


async def _queued(work: Work) -> int:
    async with work.begin() as tx:
        counted = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name")
        return int((await tx.execute(counted, {"name": SETTLE})).scalar_one())


async def _until_done(work: Work) -> None:
    with anyio.fail_after(30):
        while await _queued(work):  # noqa: ASYNC110 - the job engine tells nobody of a finished job
            await anyio.sleep(0.02)


async def _until_failed(jobs: Jobs) -> None:
    with anyio.fail_after(30):
        while not await jobs.dead_letters():  # noqa: ASYNC110 - the job engine tells nobody of a failed job
            await anyio.sleep(0.02)


async def test_a_payment_without_an_answer_is_asked_after(
    work: Work, url: str, clock: FixedClock, new_payment: NewPayment
) -> None:
    asked, payment = Asked(), new_payment()
    jobs = Jobs(work, url, asked.settle, AT_ONCE)
    await _left_unknown(work, clock, payment, jobs)
    async with running(jobs):
        await asked.times(1)
    assert asked.payments == [payment.id]


async def test_a_job_of_a_change_that_was_rolled_back_does_not_exist(work: Work, url: str) -> None:
    jobs = Jobs(work, url, Asked().settle, AT_ONCE)
    async with work.begin() as tx:
        await jobs.settle_soon(tx, PaymentId("pay_1"))
        await tx.rollback()
    assert await _queued(work) == 0


async def test_a_job_waits_for_a_worker_that_comes_later(
    work: Work, url: str, clock: FixedClock, new_payment: NewPayment
) -> None:
    async def never(_payment: PaymentId) -> None:
        raise AssertionError

    payment, asked = new_payment(), Asked()
    await _left_unknown(work, clock, payment, Jobs(work, url, never, AT_ONCE))
    assert await _queued(work) == 1
    async with running(Jobs(work, url, asked.settle, AT_ONCE)):
        await asked.times(1)


async def test_a_job_that_fails_is_tried_again(
    work: Work, url: str, clock: FixedClock, new_payment: NewPayment
) -> None:
    asked = Asked(failures=2)
    jobs = Jobs(work, url, asked.settle, AT_ONCE)
    await _left_unknown(work, clock, new_payment(), jobs)
    async with running(jobs):
        await asked.times(3)
    assert await jobs.dead_letters() == []


async def test_a_job_that_fails_for_good_is_listed_and_can_be_sent_again(
    work: Work, url: str, clock: FixedClock, new_payment: NewPayment
) -> None:
    asked, payment = Asked(failures=3), new_payment()
    jobs = Jobs(work, url, asked.settle, AT_ONCE)
    await _left_unknown(work, clock, payment, jobs)
    async with running(jobs):
        await _until_failed(jobs)
        (letter,) = await jobs.dead_letters()
        assert (letter.task, letter.subject) == (SETTLE, payment.id)
        await jobs.again(letter.id)
        await asked.times(4)
    assert await jobs.dead_letters() == []
    with pytest.raises(BadInput, match="no failed job"):
        await jobs.again(letter.id)


async def test_a_job_of_a_node_that_died_is_run_by_another(
    work: Work, url: str, clock: FixedClock, new_payment: NewPayment
) -> None:
    asked, payment = Asked(), new_payment()
    jobs = Jobs(work, url, asked.settle, AT_ONCE, stalled_s=0.5)
    await _left_unknown(work, clock, payment, jobs)
    async with work.begin() as tx:  # what a worker leaves behind that was killed in the middle
        await tx.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    async with running(jobs):
        await asked.times(1)
    assert asked.payments == [payment.id]


async def test_jobs_go_on_after_the_database_was_away(
    mortal: Postgres, mortal_work: Work, clock: FixedClock, new_payment: NewPayment
) -> None:
    asked = Asked()
    jobs = Jobs(mortal_work, mortal.url("tellerline"), asked.settle, AT_ONCE, stalled_s=1)
    first, second = new_payment("acct_1"), new_payment("acct_2")
    async with running(jobs):
        await _left_unknown(mortal_work, clock, first, jobs)
        await _until_done(mortal_work)
        await mortal.kill()
        await mortal.start()
        await _left_unknown(mortal_work, clock, second, jobs)
        await _until_done(mortal_work)
    assert asked.payments == [first.id, second.id]
