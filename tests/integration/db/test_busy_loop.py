"""An event loop that gets round slowly: connections are held for few of its turns, so that they suffice.

A unit of work waits for the loop several times a statement. While it does, its connection is of no use to
others: on a loop that needs 20 ms a turn, thirty turns are 0.6 s. So turns are counted, not seconds.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count

import anyio
import anyio.lowlevel
import pytest

from core.clock import FixedClock
from core.ids import AccountId, CallId
from core.money import Money
from db.accounts import StoredAccounts
from db.calls import StoredSessions
from db.engine import Limits, Work
from db.payments import StoredPayments
from ivr.sessions import Session
from payments.session import State
from payments.store import Move, Payment

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

NewPayment = Callable[..., Payment]

_TURN_S = 0.005  # longer than a server on this machine needs for an answer
_CALLERS = 60
_A_READ, _A_PAYMENT, _ALL = 10, 36, 500


class Turns:
    """Counts the event loop's turns, each made `_TURN_S` long."""

    def __init__(self) -> None:
        self.passed = 0

    async def run(self) -> None:
        while True:
            time.sleep(_TURN_S)  # noqa: ASYNC251 - this is the load
            self.passed += 1
            await anyio.lowlevel.checkpoint()

    async def of(self, work: Callable[[], Awaitable[object]]) -> int:
        before = self.passed
        await work()
        return self.passed - before


@asynccontextmanager
async def _slow_loop() -> AsyncIterator[Turns]:
    turns = Turns()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(turns.run)
        yield turns
        tasks.cancel_scope.cancel()


async def test_a_look_at_an_account_is_one_way_to_the_server(work: Work) -> None:
    accounts = StoredAccounts(work)
    async with _slow_loop() as turns:
        assert min([await turns.of(lambda: accounts.by_number("1")) for _ in range(8)]) <= _A_READ


async def test_a_payment_is_opened_in_few_turns(
    work: Work, clock: FixedClock, new_payment: NewPayment
) -> None:
    payments, numbers = StoredPayments(work, clock), count()
    async with _slow_loop() as turns:
        taken = [
            await turns.of(lambda: payments.open(new_payment(f"acct_{next(numbers)}"))) for _ in range(8)
        ]
    assert min(taken) <= _A_PAYMENT


async def test_many_callers_who_pay_at_once_do_not_starve(
    url: str, clock: FixedClock, new_payment: NewPayment
) -> None:
    work = Work(url, Limits(pool_s=60))
    done: list[Payment] = []

    async def call(number: int) -> None:
        sessions, accounts, payments = StoredSessions(work), StoredAccounts(work), StoredPayments(work, clock)
        session = Session(CallId(f"call_{number}"), "1000", "", "pay_bill", "node", clock.now())
        await sessions.start(session)
        await accounts.by_number(str(number))
        payment = new_payment(AccountId(f"acct_{number}"), call=session.id)
        await payments.open(payment)
        done.append(await payments.move(payment.id, Move(State.CAPTURED, ref=f"ch_{number}")))
        await sessions.end(session.id, clock.now(), "paid", "normal")

    async with _slow_loop() as turns:
        before = turns.passed
        async with anyio.create_task_group() as callers:
            for number in range(_CALLERS):
                callers.start_soon(call, number)
        passed = turns.passed - before
    await work.close()
    assert [one.amount for one in done] == [Money(12_550, "USD")] * _CALLERS
    assert passed <= _ALL
