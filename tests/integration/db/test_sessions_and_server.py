"""How our connections behave: settings, limits, and what becomes of work when the server dies."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import anyio
import psycopg
import pytest
from sqlalchemy import select, text

from core.clock import FixedClock
from core.errors import StoreLost
from core.ids import AccountId
from core.money import Money
from db.audit import Intact, verify
from db.engine import Limits, Work
from db.ledger import drifts, owed
from db.payments import StoredPayments
from db.tables import payments
from node.parts.postgres import Postgres
from payments.session import State
from payments.store import Move, Opened, Payment

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
NewPayment = Callable[..., Payment]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("timezone", "UTC"),
        ("application_name", "tellerline"),
        ("log_parameter_max_length", "0"),
        ("log_error_verbosity", "terse"),
        ("statement_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "30s"),
    ],
)
async def test_a_session_is_set_up(work: Work, setting: str, value: str) -> None:
    async with work.begin() as tx:
        assert (await tx.execute(text("SELECT current_setting(:name)"), {"name": setting})).scalar() == value


async def test_what_a_statement_carries_is_not_logged_even_when_all_statements_are(
    mortal: Postgres, mortal_work: Work, tmp_path: Path
) -> None:
    log = tmp_path / "mortal" / "log"
    async with await psycopg.AsyncConnection.connect(mortal.url("tellerline"), autocommit=True) as admin:
        await admin.execute("ALTER DATABASE tellerline SET log_statement = 'all'")
        await admin.execute("ALTER DATABASE tellerline SET log_min_duration_statement = 0")
    async with mortal_work.begin() as tx:
        await tx.execute(text("SELECT length(:word), 'control'"), {"word": "do-not-log-me"})
    assert b"'control'" in log.read_bytes()
    assert b"do-not-log-me" not in log.read_bytes()


async def test_a_statement_that_takes_too_long_is_a_lost_store(url: str) -> None:
    work = Work(url, Limits(statement_s=0.2))
    with pytest.raises(StoreLost, match="statement timeout"):
        async with work.begin() as tx:
            await tx.execute(text("SELECT pg_sleep(30)"))
    await work.close()


async def test_a_unit_of_work_has_a_deadline(url: str) -> None:
    work = Work(url)
    with pytest.raises(StoreLost, match=r"no answer within 0\.2 s"):
        async with work.begin(within_s=0.2):
            await anyio.sleep_forever()
    await work.close()


async def test_when_all_connections_are_in_use_the_wait_ends(url: str) -> None:
    work = Work(url, Limits(connections=1, pool_s=0.2))
    async with work.begin():
        with pytest.raises(StoreLost, match="all 1 connections are in use"):
            async with work.begin():
                pass
    await work.close()


async def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    work = Work("postgresql://teller:hush@127.0.0.1:19698/bills", Limits(connect_s=2))
    with pytest.raises(StoreLost, match=r"the database bills at 127\.0\.0\.1 does not answer") as told:
        async with work.begin():
            pass
    assert "hush" not in str(told.value)


async def test_work_goes_on_after_the_server_was_started_again(mortal: Postgres, mortal_work: Work) -> None:
    async with mortal_work.begin() as tx:
        await tx.execute(select(payments))
    await mortal.kill()
    with pytest.raises(StoreLost):
        async with mortal_work.begin():
            pass
    await mortal.start()
    async with mortal_work.begin() as tx:
        assert (await tx.execute(select(payments))).all() == []


async def test_a_server_that_is_killed_under_load_loses_and_doubles_nothing(
    mortal: Postgres, mortal_work: Work, clock: FixedClock, new_payment: NewPayment
) -> None:
    store = StoredPayments(mortal_work, clock)
    captured, half_way = [0], anyio.Event()

    async def pay(customer: int) -> None:
        for _ in range(10):
            payment = new_payment(f"acct_{customer}", 100)
            assert isinstance(await _until_done(partial(store.open, payment)), Payment)
            moved = await _until_done(partial(store.move, payment.id, Move(State.CAPTURED)))
            assert isinstance(moved, Payment)
            assert moved.state is State.CAPTURED
            captured[0] += 1
            if captured[0] == 40:
                half_way.set()

    async with anyio.create_task_group() as group:
        for customer in range(8):
            group.start_soon(pay, customer)
        await half_way.wait()
        await mortal.kill()
        await mortal.start()

    for customer in range(8):
        async with mortal_work.begin() as tx:
            assert await owed(tx, AccountId(f"acct_{customer}"), "USD") == Money(-1000, "USD")
    assert await drifts(mortal_work) == []
    assert isinstance(await verify(mortal_work), Intact)


async def _until_done(
    ask: Callable[[], Awaitable[Opened]],
) -> Opened:
    while True:
        try:
            return await ask()
        except StoreLost:
            await anyio.sleep(0.02)
