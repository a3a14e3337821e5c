"""What every store of bills and of calls keeps to."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from core.ids import AccountId, new_call_id
from core.money import Money
from db.accounts import StoredAccounts
from db.calls import StoredSessions
from db.engine import Work
from db.ledger import post
from db.tables import account_callers, accounts
from ivr.accounts import Account, Accounts
from ivr.memory import MemoryAccounts, MemorySessions
from ivr.sessions import Session, Sessions
from payments.ledger import Posting

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIRST = Account(AccountId("acc_1"), "12345678", Money(12_550, "USD"))
SECOND = Account(AccountId("acc_2"), "5550", Money(0, "USD"))
CALLERS = (("+15550101", "12345678"), ("+15550102", "12345678"), ("+15550102", "5550"))


@dataclass(frozen=True)
class Stores:
    """A store of bills that holds FIRST and SECOND with their CALLERS, and an empty one of calls."""

    accounts: Accounts
    sessions: Sessions


Opens = Callable[[], AbstractAsyncContextManager[Stores]]


@asynccontextmanager
async def _memory() -> AsyncIterator[Stores]:
    yield Stores(MemoryAccounts([FIRST, SECOND], CALLERS), MemorySessions())


def _postgresql(work: Work) -> Opens:
    @asynccontextmanager
    async def opens() -> AsyncIterator[Stores]:
        async with work.begin() as tx:
            for account in (FIRST, SECOND):
                row = {"id": account.id, "number": account.number, "currency": account.due.currency}
                await tx.execute(insert(accounts).values(row))
            lines = [
                Posting(f"account:{FIRST.id}", FIRST.due),
                Posting("revenue", Money(-FIRST.due.minor, "USD")),
            ]
            await post(tx, "bill:1", lines, NOW)
            ids = {account.number: account.id for account in (FIRST, SECOND)}
            known = [{"caller": caller, "account": ids[number]} for caller, number in CALLERS]
            await tx.execute(insert(account_callers), known)
        yield Stores(StoredAccounts(work), StoredSessions(work))

    return opens


@pytest.fixture(params=["memory", pytest.param("postgresql", marks=pytest.mark.integration)])
def opens(request: pytest.FixtureRequest) -> Opens:
    return _memory if request.param == "memory" else _postgresql(request.getfixturevalue("work"))


@pytest.fixture
async def stores(opens: Opens) -> AsyncIterator[Stores]:
    async with opens() as opened:
        yield opened


def _session(at: datetime = NOW) -> Session:
    return Session(new_call_id(), "1000", "+15550101", "pay_bill", "node_1", at)


async def test_an_account_is_found_by_its_number(stores: Stores) -> None:
    assert await stores.accounts.by_number("12345678") == FIRST
    assert await stores.accounts.by_number("5550") == SECOND


@pytest.mark.parametrize("number", ["", "1234567", "123456789", "12345678 ", "%", "'; --"])
async def test_a_number_that_is_not_one_is_no_account(number: str, stores: Stores) -> None:
    assert await stores.accounts.by_number(number) is None


async def test_the_one_account_of_a_caller_is_found(stores: Stores) -> None:
    assert await stores.accounts.by_caller("+15550101") == FIRST


@pytest.mark.parametrize("caller", ["+15550102", "+15550103", ""])
async def test_a_caller_with_several_accounts_or_none_is_not_guessed(caller: str, stores: Stores) -> None:
    assert await stores.accounts.by_caller(caller) is None


async def test_a_call_is_on_record_from_its_start(stores: Stores) -> None:
    session = _session()
    await stores.sessions.start(session)
    assert await stores.sessions.recent() == [session]


async def test_a_call_that_ended_has_its_outcome(stores: Stores) -> None:
    session, end = _session(), NOW + timedelta(minutes=1)
    await stores.sessions.start(session)
    await stores.sessions.end(session.id, end, "paid", "normal")
    ended = replace(session, ended_at=end, outcome="paid", cause="normal")
    assert await stores.sessions.recent() == [ended]


async def test_starting_or_ending_again_changes_nothing(stores: Stores) -> None:
    session = _session()
    await stores.sessions.start(session)
    await stores.sessions.end(session.id, NOW, "paid", "normal")
    await stores.sessions.start(session)
    await stores.sessions.end(session.id, NOW + timedelta(hours=1), "failed", "busy")
    (kept,) = await stores.sessions.recent()
    assert (kept.ended_at, kept.outcome, kept.cause) == (NOW, "paid", "normal")


async def test_ending_a_call_that_nobody_started_does_nothing(stores: Stores) -> None:
    await stores.sessions.end(new_call_id(), NOW, "paid", "normal")
    assert await stores.sessions.recent() == []


async def test_recent_calls_come_newest_first_and_no_more_than_asked_for(stores: Stores) -> None:
    sessions = [_session(NOW + timedelta(seconds=second)) for second in range(5)]
    for session in sessions:
        await stores.sessions.start(session)
    assert await stores.sessions.recent(2) == [sessions[4], sessions[3]]
