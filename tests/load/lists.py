"""How soon the API answers on 100,000 calls: `api.list_p95_ms`, of all lists, and `api.summary_p95_ms`."""

import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import anyio
import anyio.to_thread
from anyio.streams.buffered import BufferedByteReceiveStream
from rich.console import Console

from core.clock import SystemClock
from db import migrate
from db.engine import Limits, Work
from db.keys_file import MasterFile
from db.people import People
from node.parts.postgres import Postgres
from tests.load.figure import Figure
from tests.load.gaps import percentile
from tests.load.list_books import DAYS, write
from tests.load.list_paths import LISTS, period, unmeasured
from tests.load.trial import Tell

_TIMES = 30
_PAGES = 20
_FLOOR_MS = 50.0


async def lists(folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """One client asks for 50 rows at a time, by every filter, and goes deep into the longest list.

    Callers are sealed, so that each row shown is opened. Before it, the same client asks for an empty answer.
    """
    assert not unmeasured(LISTS), f"these lists are not measured: {unmeasured(LISTS)}"
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
            by_list = {one(): [await _asked(client, one()) for _ in range(_TIMES)] for one in LISTS}
            by_list["/v1/calls, deeper"] = await _deep(client)
            summary = [await _asked(client, f"/v1/analytics/summary?{period(DAYS)}") for _ in range(_TIMES)]
    for name, took in sorted(by_list.items(), key=lambda one: -percentile(one[1], 0.95))[:8]:
        console.print(f"  {percentile(took, 0.95):6.1f} ms p95  {name[:90]}")
    console.print(f"  load {os.getloadavg()[0]:.1f}")
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
