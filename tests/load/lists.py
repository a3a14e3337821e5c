"""How soon the API answers on 100,000 calls: `api.list_p95_ms`, of all lists, and `api.summary_p95_ms`."""

import os
import re
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import aiohttp
import anyio
import anyio.to_thread
from anyio.streams.buffered import BufferedByteReceiveStream
from rich.console import Console

from api.paging import Page
from core.clock import SystemClock
from db import migrate
from db.engine import Limits, Work
from db.keys_file import MasterFile
from db.people import People
from node.opened import every_route
from node.parts.postgres import Postgres
from tests.load.figure import Figure
from tests.load.gaps import percentile
from tests.load.list_books import CALLERS, DAYS, UNTIL, number_of, some, write
from tests.load.trial import Tell

_TIMES = 30
_PAGES = 20
_FLOOR_MS = 50.0


def _caller() -> str:
    return quote(number_of(secrets.randbelow(CALLERS)))


def _period(days: int) -> str:
    until = UNTIL - timedelta(days=secrets.randbelow(DAYS - days + 1))
    return f"from={quote((until - timedelta(days=days)).isoformat())}&to={quote(until.isoformat())}"


_LISTS: tuple[Callable[[], str], ...] = (
    lambda: "/v1/calls",
    lambda: "/v1/calls?state=live",
    lambda: "/v1/calls?outcome=hung_up",
    lambda: "/v1/calls?number=1001&state=ended",
    lambda: f"/v1/calls?caller={_caller()}",
    lambda: f"/v1/calls?q={_caller()}",
    lambda: f"/v1/calls?q={some('acct_', 20_000)}",
    lambda: f"/v1/calls?q={some('pay_', 80_000)}",
    lambda: f"/v1/calls?{_period(2)}&outcome=paid",
    lambda: "/v1/payments",
    lambda: "/v1/payments?state=declined",
    lambda: f"/v1/payments?account={some('acct_', 20_000)}",
    lambda: "/v1/payments?gateway=birch&state=captured",
    lambda: f"/v1/payments?q={secrets.randbelow(80_000):08}",
    lambda: f"/v1/payments?{_period(3)}&last4={secrets.randbelow(10_000):04}",
    lambda: "/v1/refunds",
    lambda: "/v1/ledger/entries",
    lambda: "/v1/ledger/entries?account=gateway:alder",
    lambda: f"/v1/ledger/entries?{_period(1)}",
    lambda: "/v1/ledger/balances?account=account:",
    lambda: "/v1/routing/decisions",
    lambda: "/v1/fraud/reviews",
    lambda: "/v1/methods",
    lambda: "/v1/links",
    lambda: "/v1/links?state=expired",
    lambda: f"/v1/links?account={some('acct_', 20_000)}",
    lambda: "/v1/webhooks/deliveries",
    lambda: "/v1/webhooks/deliveries?state=dead",
    lambda: f"/v1/webhooks/deliveries?endpoint={some('we_', 200)}",
    lambda: "/v1/webhooks/endpoints",
    lambda: "/v1/disputes",
    lambda: "/v1/settlements",
    lambda: f"/v1/settlements/alder/{some('batch_', 120)}/lines",
    lambda: "/v1/messages",
    lambda: "/v1/messages?state=failed",
    lambda: "/v1/fraud/lists",
    lambda: "/v1/audit",
    lambda: f"/v1/audit?subject={some('call_0', 99_999)}",
    lambda: f"/v1/audit?{_period(1)}",
    lambda: f"/v1/audit?by={some('user_', 50)}",
    lambda: "/v1/audit?action=nothing+of+the+kind",
    lambda: "/v1/users",
    lambda: "/v1/keys",
    lambda: "/v1/numbers",
    lambda: "/v1/flows",
    lambda: "/v1/prompts",
    lambda: "/v1/templates",
    lambda: "/v1/routing/gateways",
)


def _unasked() -> set[str]:
    """Lists of the line that are not measured: none."""
    asked = {re.sub(r"/[^/]*\d+(?=/lines$)", "/{}", one().partition("?")[0]) for one in _LISTS}
    listing = [one for one in every_route() if one.answer is not None and issubclass(one.answer, Page)]
    known = {
        re.sub(r"\{[^}]*\}", "{}", one.path).replace("/{}/{}/lines", "/alder/{}/lines") for one in listing
    }
    return known - asked


async def lists(folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """One client asks for 50 rows at a time, by every filter, and goes deep into the longest list.

    Callers are sealed, so that each row shown is opened. Before it, the same client asks for an empty answer.
    """
    place = folder / "lists"
    async with Postgres(place / "postgres") as server:
        url = await server.create("lists")
        await anyio.to_thread.run_sync(migrate.upgrade, url)
        tell("writing 100,000 calls", 0.0)
        work = Work(url, Limits(connections=4, statement_s=240, work_s=300))
        try:
            await write(work, People(MasterFile.made_at(place / "master.key"), SystemClock()))
        finally:
            await work.close()
        async with _line(url, place) as client:
            tell("asking", 0.7)
            empty = [await _asked(client, "/healthz") for _ in range(200)]
            by_list = {one(): [await _asked(client, one()) for _ in range(_TIMES)] for one in _LISTS}
            by_list["/v1/calls, deeper"] = await _deep(client)
            summary = [await _asked(client, f"/v1/analytics/summary?{_period(DAYS)}") for _ in range(_TIMES)]
    for name, took in sorted(by_list.items(), key=lambda one: -percentile(one[1], 0.95))[:8]:
        console.print(f"  {percentile(took, 0.95):6.1f} ms p95  {name[:90]}")
    console.print(f"  load {os.getloadavg()[0]:.1f}")
    assert not _unasked(), f"these lists are not measured: {_unasked()}"
    slowest, took = max(by_list.items(), key=lambda one: percentile(one[1], 0.95))
    worst = round(percentile(took, 0.95), 1)
    listed = [ms for took in by_list.values() for ms in took]
    nothing = round(percentile(empty, 0.95), 1)
    value, added = round(percentile(listed, 0.95), 1), round(percentile(summary, 0.95), 1)
    return [
        Figure("api.list_p95_ms", value, "ms", nothing, "an empty answer", _FLOOR_MS),
        Figure("api.list_worst_p95_ms", worst, "ms", value, f"all lists; {slowest[:60]}", _FLOOR_MS),
        Figure("api.summary_p95_ms", added, "ms", value, "a list"),
    ]


async def _asked(client: aiohttp.ClientSession, path: str) -> float:
    began_s = time.perf_counter()
    async with client.get(path) as answer:
        body = await answer.read()
    assert answer.status == 200, body[:300]
    return (time.perf_counter() - began_s) * 1000


async def _deep(client: aiohttp.ClientSession) -> list[float]:
    cursor = ""
    for _ in range(_PAGES):
        async with client.get(f"/v1/calls?limit=500&cursor={cursor}") as answer:
            cursor = (await answer.json())["next_cursor"]
    return [await _asked(client, f"/v1/calls?cursor={cursor}") for _ in range(_TIMES)]


@asynccontextmanager
async def _line(url: str, folder: Path) -> AsyncIterator[aiohttp.ClientSession]:
    argv = [sys.executable, "-m", "tests.integration.api.serve", url, str(folder)]
    async with await anyio.open_process(argv, stderr=sys.stderr) as process:
        assert process.stdout is not None
        out = BufferedByteReceiveStream(process.stdout)
        try:
            port = b""
            while not port.isdigit():  # the log of the line comes before it
                port = await out.receive_until(b"\n", 10_000)
            async with aiohttp.ClientSession(f"http://127.0.0.1:{int(port)}") as client:
                yield client
        finally:
            process.kill()
