"""For each test of the database room a migrated database of its own."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import anyio.to_thread
import psycopg
import pytest

from core.clock import FixedClock
from core.ids import AccountId, CallId, new_payment_id
from core.money import Money
from db import migrate
from db.engine import Limits, Work
from node.parts.postgres import Postgres
from payments.session import State
from payments.store import Payment

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_NUMBERS = count(1)

NewPayment = Callable[..., Payment]


@pytest.fixture
async def empty(postgres: Postgres) -> str:
    return await postgres.create(f"empty_{next(_NUMBERS)}")


@pytest.fixture
async def url(postgres: Postgres) -> str:
    name = f"test_{next(_NUMBERS)}"
    async with await psycopg.AsyncConnection.connect(postgres.url(), autocommit=True) as connection:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated".encode())
    return postgres.url(name)


@pytest.fixture
async def work(url: str) -> AsyncIterator[Work]:
    work = Work(url)
    yield work
    await work.close()


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[Postgres]:
    """A server of the test's own, to be killed; as durable as in production."""
    async with Postgres(tmp_path / "mortal") as server:
        await server.create("tellerline")
        await anyio.to_thread.run_sync(migrate.upgrade, server.url("tellerline"))
        yield server


@pytest.fixture
async def mortal_work(mortal: Postgres) -> AsyncIterator[Work]:
    work = Work(mortal.url("tellerline"), Limits(connections=8, connect_s=2, pool_s=10, work_s=10))
    yield work
    await work.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def new_payment() -> NewPayment:
    def make(
        account: str = "acct_1", minor: int = 12550, key: str = "", call: str | None = "call_1"
    ) -> Payment:
        payment = new_payment_id()
        return Payment(
            id=payment,
            call=CallId(call) if call else None,
            account=AccountId(account),
            amount=Money(minor, "USD"),
            state=State.PENDING,
            gateway="sandbox",
            key=key or f"key-{payment}",
            brand="visa",
            last4="4242",
            receipt=payment[-8:],
            created_at=NOON,
        )

    return make
