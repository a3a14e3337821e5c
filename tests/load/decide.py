"""How fast it is decided who pays where (`decide.*`): fraud scored, route chosen, attempt written."""

import gc
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import anyio
import anyio.to_thread
from rich.console import Console
from sqlalchemy import text

from core.clock import SystemClock
from core.ids import AccountId, AttemptId, new_attempt_id, new_payment_id
from core.money import Money
from db import migrate
from db.engine import Limits, Work
from db.fraud_cases import StoredLists, StoredReviews
from db.fraud_sightings import StoredSightings
from db.payments import StoredPayments
from db.routing import StoredObservations
from node.parts.postgres import Postgres
from payments.attempt import Attempt
from payments.capabilities import Can
from payments.fraud.judgement import Bounds
from payments.fraud.keys import Marker
from payments.fraud.model import SHIPPED, load
from payments.fraud.screen import Screen, Stores
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.outcome import Approved
from payments.purchase import Method, Operation, Purchase
from payments.risk import AllowAll, Fraud
from payments.route import FirstRoute, Happened, Router
from payments.routing.router import LearningRouter
from payments.routing.terms import Terms
from payments.session import State
from payments.store import Payment
from tests.load.figure import Figure
from tests.load.trial import Tell

_SECONDS = 8.0
_WARM_S = 2.0
_CALLERS = 24  # whose payments are decided in the same moment
_CUSTOMERS = 20_000
_PER_S, _P99_MS = 1000.0, 20.0
_GATEWAYS = ("alder", "birch", "cedar", "dogwood", "elm")
_COUNT = """
SELECT (SELECT count(*) FROM attempts), (SELECT count(*) FROM payments),
       (SELECT count(DISTINCT attempt) FROM fraud_sightings)
"""


@dataclass(slots=True)
class _Run:
    """Each decision's seconds, and each one's until it was written; this process's CPU seconds."""

    decided: list[float] = field(default_factory=list)
    written: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    @property
    def per_s(self) -> float:
        return len(self.written) / _SECONDS


class _Named(SandboxGateway):
    def __init__(self, name: str) -> None:
        super().__init__(Random(name))
        self.name = name


async def decide(folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Callers decide without a pause; before it, attempts are written without any decision."""
    async with Postgres(folder / "decide") as server:
        url = await server.create("decide")
        await anyio.to_thread.run_sync(migrate.upgrade, url)
        work = Work(url, Limits(connections=8))
        try:
            tell("writing attempts alone", 0.0)
            gateways = [_Named(name) for name in _GATEWAYS]
            alone = await _measured(work, AllowAll(), FirstRoute(gateways), Random(1))
            tell("deciding", 0.5)
            async with _deciding(work, gateways) as (fraud, router):
                run = await _measured(work, fraud, router, Random(2))
        finally:
            await work.close()
    _tell(console, "attempts alone", alone)
    _tell(console, "decided too", run)
    of = "attempts written, nothing decided"
    return [
        Figure("decide.per_s", round(run.per_s), "1/s", round(alone.per_s), of, _PER_S, less=False),
        Figure(
            "decide.p99_ms", _p99_ms(run.decided), "ms", _p99_ms(alone.written), "an attempt's write", _P99_MS
        ),
    ]


@asynccontextmanager
async def _deciding(work: Work, gateways: list[_Named]) -> AsyncIterator[tuple[Fraud, Router]]:
    clock = SystemClock()
    stores = Stores(StoredSightings(work), StoredLists(work), StoredReviews(work))
    fraud = Screen(Marker(bytes(32)), load(SHIPPED), stores, clock, bounds=Bounds(), home="US")
    router = LearningRouter(gateways, Terms(), StoredObservations(work, "bench"), clock)
    async with anyio.create_task_group() as group:
        group.start_soon(fraud.run)
        group.start_soon(router.run)
        yield fraud, router
        group.cancel_scope.cancel()


async def _measured(work: Work, fraud: Fraud, router: Router, chance: Random) -> _Run:
    """The run after the warming-up; all that was decided must stand in the database."""
    gc.collect()
    gc.freeze()  # as the line does when it is ready
    before = await _counts(work)
    warming, run = _Run(), _Run()
    pay = _payer(StoredPayments(work, SystemClock()), fraud, router, chance)
    for seconds, into in ((_WARM_S, warming), (_SECONDS, run)):
        cpu_s, until = time.process_time(), time.perf_counter() + seconds
        async with anyio.create_task_group() as group:
            for _ in range(_CALLERS):
                group.start_soon(_caller, pay, into, until)
        into.cpu_s = time.process_time() - cpu_s
    found = [after - earlier for after, earlier in zip(await _counts(work), before, strict=True)]
    many = len(warming.written) + len(run.written)
    seen = 0 if isinstance(fraud, AllowAll) else many
    assert found == [many, many, seen], f"{many} were decided, and {found} are written"
    return run


async def _caller(pay: Callable[[_Run], Awaitable[None]], into: _Run, until: float) -> None:
    while time.perf_counter() < until:
        await pay(into)


def _payer(
    payments: StoredPayments, fraud: Fraud, router: Router, chance: Random
) -> Callable[[_Run], Awaitable[None]]:
    async def pay(run: _Run) -> None:
        purchase, began = _purchase(chance), time.perf_counter()
        verdict = await fraud.score(purchase)
        route = await router.route(purchase, Can.RAW_CARD | Can.CHARGE)
        run.decided.append(time.perf_counter() - began)
        gateway = route.choices[0].gateway.name
        attempt = Attempt(purchase, purchase.attempt, "d", verdict, route)
        await payments.open(_payment(purchase, gateway), attempt)
        run.written.append(time.perf_counter() - began)
        router.note(Happened(purchase, gateway, Operation.PURCHASE, Approved("ref"), 0.5))

    return pay


def _purchase(chance: Random) -> Purchase:
    attempt = new_attempt_id()
    who = chance.randrange(_CUSTOMERS)
    return Purchase(
        attempt,
        SystemClock().now(),
        Money(chance.randrange(500, 50_000), "USD"),
        Method.CARD,
        AccountId(f"acct_{attempt}"),  # a bill each: one bill takes one payment at a time
        caller=f"+1555{who:07d}",
        brand=chance.choice(("visa", "mastercard", "amex")),
        last4="4242",
        fingerprint=f"{who:032x}",
        region="US",
        address=f"{who} Example Street",
    )


def _payment(purchase: Purchase, gateway: str) -> Payment:
    name = new_payment_id()
    return Payment(
        name,
        None,
        purchase.account,
        purchase.amount,
        State.PENDING,
        gateway,
        f"{name}_1",
        purchase.brand,
        purchase.last4,
        name[-12:],
        purchase.at,
        attempt=AttemptId(purchase.attempt),
    )


async def _counts(work: Work) -> list[int]:
    async with work.begin() as tx:
        return list((await tx.execute(text(_COUNT))).one())


def _p99_ms(seconds: list[float]) -> float:
    return round(1000 * sorted(seconds)[int(0.99 * len(seconds))], 1)


def _tell(console: Console, about: str, run: _Run) -> None:
    console.print(
        f"  {about}: {run.per_s:.0f}/s, {1000 * run.cpu_s / len(run.written):.2f} ms of CPU here each; "
        f"decision p50 {1000 * statistics.median(run.decided):.1f}, p99 {_p99_ms(run.decided)} ms; written "
        f"p50 {1000 * statistics.median(run.written):.1f}, p99 {_p99_ms(run.written)} ms",
        highlight=False,
    )
