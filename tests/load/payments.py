"""How many payments a desk takes in a second; the figure `desk.payments_per_s`."""

import os
import resource
from datetime import date
from pathlib import Path
from random import Random

import anyio
import anyio.to_thread
from rich.console import Console
from sqlalchemy import text

from core.clock import SystemClock
from core.ids import AccountId
from core.money import Money
from db import migrate
from db.engine import Work
from db.ledger import drifts
from db.stores import stored
from node.parts.postgres import Postgres
from payments.card import CardEntry, CardField
from payments.desk import Desk
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.route import FirstRoute
from payments.taken import Order, Paid
from payments.vault import Vault
from tests.load.figure import Figure
from tests.load.trial import Tell

_PAYMENTS = 4000
_AT_ONCE = 100
_ALONE = 300
_FLOOR = 300.0
_OWED = text("SELECT sum(amount_minor)::bigint FROM ledger_entries WHERE account = 'gateway:sandbox'")
_TODAY = date(2026, 11, 20)
_FIELDS = (
    (CardField.NUMBER, b"4242424242424242"),
    (CardField.EXPIRY, b"1249"),
    (CardField.CODE, b"123"),
)


async def payments(folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Payments one after another, then a hundred at a time; the ledger is balanced at the end, or it fails.

    The PostgreSQL is durable (fsync on) and new; keying the cards in is a part of what is measured.
    """
    async with Postgres(folder / "payments") as server:
        url = await server.create("tellerline")
        await anyio.to_thread.run_sync(migrate.upgrade, url)
        work, till = Work(url), _Till()
        async with till.opened(work) as desk:
            tell("payments one by one", 0.0)
            alone, _ = await till.take(desk, _ALONE, at_once=1)
            tell("payments at once", 0.1)
            many, cpu_ms = await till.take(desk, _PAYMENTS, at_once=_AT_ONCE)
        await till.check(work)
        await work.close()
    console.print(f"  {cpu_ms:.2f} ms of this process's CPU a payment; load {os.getloadavg()[0]:.1f}")
    return [
        Figure("desk.payments_per_s", round(many), "1/s", round(alone), "one at a time", _FLOOR, less=False)
    ]


class _Till:
    """A desk, its gateway, and the cards of those who pay."""

    def __init__(self) -> None:
        self._gateway, self._vault = SandboxGateway(Random(7)), Vault()
        self._paid = 0

    def opened(self, work: Work) -> "_Opened":
        router, named = FirstRoute([self._gateway]), {"sandbox": self._gateway}
        clock = SystemClock()
        desk = Desk(stored(work, clock), self._vault, named, router, clock=clock, chance=Random(7))
        return _Opened(desk)

    async def take(self, desk: Desk, times: int, at_once: int) -> tuple[float, float]:
        """Payments a second, and this process's CPU for each in milliseconds."""
        first = self._paid
        orders = (self._order(first + number) for number in range(times))
        began, cpu = anyio.current_time(), _cpu_s()

        async def payer() -> None:
            for order in orders:
                taken = await desk.take(order)
                assert isinstance(taken, Paid), taken
                self._paid += 1

        async with anyio.create_task_group() as payers:
            for _ in range(at_once):
                payers.start_soon(payer)
        return times / (anyio.current_time() - began), 1000 * (_cpu_s() - cpu) / times

    async def check(self, work: Work) -> None:
        """The gateway's books and our ledger agree, and every posting sums to zero by the database."""
        charged = self._gateway.books.charged
        assert len(charged) == self._paid
        assert await drifts(work) == []
        async with work.begin() as tx:
            assert (await tx.execute(_OWED)).scalar_one() == sum(entry.taken_minor for entry in charged)

    def _order(self, number: int) -> Order:
        entry = CardEntry()
        for field, digits in _FIELDS:
            for digit in digits:
                entry.append(field, digit)
            entry.finish(field, _TODAY)
        return Order(Money(1000 + number, "USD"), self._vault.seal(entry), AccountId(f"acct_{number}"))


class _Opened:
    """A desk that serves for as long as the `async with` lasts."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._group = desk, anyio.create_task_group()

    async def __aenter__(self) -> Desk:
        await self._group.__aenter__()
        await self._group.start(self._desk.run)
        return self._desk

    async def __aexit__(self, *_: object) -> None:
        self._group.cancel_scope.cancel()
        await self._group.__aexit__(None, None, None)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
