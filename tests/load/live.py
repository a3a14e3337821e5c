"""How soon live clients hear of what happened; the figure `live.p99_ms_1000_of_10000`."""

import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import anyio
import anyio.to_thread
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream
from rich.console import Console

from core.clock import SystemClock
from core.events import LinkMoved
from db import migrate
from db.engine import Limits, Work
from db.tell import Teller
from node.parts.postgres import Postgres
from tests.load.figure import Figure
from tests.load.gaps import percentile
from tests.load.trial import Tell

_PROCESSES = 4
_CLIENTS = 10_000
_INTERESTED = 1_000
_FACTS = 100
_ALONE = 60
_EVERY_S = 0.25
_FLOOR_MS = 50.0
_CONNECT_S = 150.0


@dataclass(frozen=True, slots=True)
class _Crowd:
    """How many clients in how many processes, how many of them ask for links, and how many links move."""

    processes: int
    clients: int
    interested: int
    facts: int


class _Clients:
    """A process of clients, or some of them."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._out = process, BufferedByteReceiveStream(process.stdout)

    async def connected(self) -> None:
        """Wait until all are."""
        line = await self._out.receive_until(b"\n", 100)
        assert line == b"connected", line

    async def heard_ms(self) -> list[float]:
        """What each heard, and how late."""
        assert self._process.stdin is not None
        await self._process.stdin.send(b"\n")
        told = b""
        try:
            while True:
                told += await self._out.receive()
        except anyio.EndOfStream:
            return list(json.loads(told))


async def live(folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Links move while 10,000 clients are connected, 1,000 of which asked for links; before, one alone.

    From right before a link's transaction to the moment at which a client's process reads it: the commit, the
    database's notice, reading it, and telling all.
    """
    async with Postgres(folder / "live") as server:
        url = await server.create("live")
        await anyio.to_thread.run_sync(migrate.upgrade, url)
        work = Work(url, Limits(connections=4))
        try:
            async with _line(url) as port:
                tell("one client", 0.0)
                alone = await _measured(work, port, _Crowd(1, 1, 1, _ALONE))
                tell("10,000 clients", 0.2)
                many = await _measured(work, port, _Crowd(_PROCESSES, _CLIENTS, _INTERESTED, _FACTS))
        finally:
            await work.close()
    assert len(many) == _INTERESTED * _FACTS, f"{len(many)} arrived of {_INTERESTED * _FACTS}"
    for name, heard in (("one client", alone), ("1,000 of 10,000", many)):
        p50, p99 = percentile(heard, 0.5), percentile(heard, 0.99)
        console.print(f"  {name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {max(heard):.1f} ms")
    console.print(f"  load {os.getloadavg()[0]:.1f}")
    of = "one client alone"
    value, baseline = round(percentile(many, 0.99), 1), round(percentile(alone, 0.99), 1)
    return [Figure("live.p99_ms_1000_of_10000", value, "ms", baseline, of, _FLOOR_MS)]


async def _measured(work: Work, port: int, crowd: _Crowd) -> list[float]:
    async with AsyncExitStack() as stack:
        each, hearing = crowd.clients // crowd.processes, crowd.interested // crowd.processes
        started = [
            await stack.enter_async_context(_clients(port, each, hearing, number * each))
            for number in range(crowd.processes)
        ]
        with anyio.fail_after(_CONNECT_S):
            for one in started:
                await one.connected()
        await anyio.sleep(1)
        teller, clock = Teller("bench"), SystemClock()
        for _ in range(crowd.facts):
            async with work.begin() as tx:
                fact = LinkMoved(None, str(time.time_ns()), "opened", 100, "USD", "")
                await teller.tell(tx, fact, clock.now())
            await anyio.sleep(_EVERY_S)
        await anyio.sleep(1)
        return [ms for one in started for ms in await one.heard_ms()]


@asynccontextmanager
async def _line(url: str) -> AsyncIterator[int]:
    async with await anyio.open_process(
        [sys.executable, "-m", "tests.load.live_line", url], stderr=sys.stderr
    ) as process:
        assert process.stdout is not None
        port = await BufferedByteReceiveStream(process.stdout).receive_until(b"\n", 20)
        try:
            yield int(port)
        finally:
            with suppress(ProcessLookupError):  # it is over by itself
                process.kill()


@asynccontextmanager
async def _clients(port: int, count: int, interested: int, first: int) -> AsyncIterator[_Clients]:
    argv = [sys.executable, "-m", "tests.load.live_clients", *map(str, (port, count, interested, first))]
    async with await anyio.open_process(argv, stderr=sys.stderr) as process:
        try:
            yield _Clients(process)
        finally:
            with suppress(ProcessLookupError):  # it is over by itself
                process.kill()
