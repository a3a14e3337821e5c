"""The proof from start to end: calls are made, and then every place is searched for their cards."""

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from pathlib import Path
from random import Random
from typing import Protocol

import anyio

from core.errors import OutOfReach
from db.engine import Work
from node.parts.postgres import binaries
from node.prove import evidence
from node.prove.books import Astray, Books
from node.prove.canary import WINDOW, new_canary
from node.prove.cast import Cast
from node.prove.inventory import WEBHOOKS, Found, controller_memory, inventory, plant, uproot
from node.prove.line import ProvenLine, proven_line
from node.prove.memory import LEFT_READABLE
from node.prove.places import Place, Search, Searched
from node.prove.plays import Ticket, calling, stage_on
from node.prove.processes import Processes
from node.prove.receiver import Receiver, receiver
from node.prove.result import Made, Proof
from node.prove.scenarios import scenarios
from node.prove.watchers import watching
from node.stack.callers import Callers
from rehearsal.beside import beside
from rehearsal.script import Dtmf

_AT_ONCE = 6
_SEARCHES = 2  # at once; most of their time numpy leaves the interpreter free
_IDLE = [sys.executable, "-c", "import time; time.sleep(600)"]
_TRIES = 3
_SEEN_S = 30.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is done: `captures` cards besides those of the scenarios."""

    folder: Path
    seed: int
    captures: int
    short: bool = False


class Progress(Protocol):
    """Who is told how far it is."""

    def phase(self, name: str, total: int) -> None:
        """Something of so many parts begins."""
        ...

    def step(self) -> None:
        """A part of it is done."""
        ...


async def prove(plan: Plan, progress: Progress) -> Proof:
    """Make all calls on a private line, and search all places. Raises TellerlineError when the line fails."""
    began = datetime.now(UTC)
    async with proven_line(plan.folder) as line, receiver(line.folder / "outside" / WEBHOOKS) as webhooks:
        progress.phase("starting the line", 1)
        url = await line.start()
        progress.step()
        performance = _Performance(plan, line, url, progress, webhooks)
        try:
            await performance.perform()
            searched = await performance.search()
        finally:
            uproot()
            await performance.close()
        return Proof(
            began,
            datetime.now(UTC),
            plan.short,
            await _versions(line),
            tuple(performance.made),
            performance.captures,
            plan.captures,
            len(performance.cast.canaries),
            tuple(searched),
        )


class _Performance:
    """One proof on a line that is up."""

    def __init__(
        self, plan: Plan, line: ProvenLine, url: str, progress: Progress, webhooks: Receiver
    ) -> None:
        self._plan, self._line, self._url, self._progress = plan, line, url, progress
        self._webhooks = webhooks
        self._since = time.time()
        self._work = Work(url)
        chance = Random(plan.seed)  # noqa: S311 - cards that no bank issued
        self._control = new_canary("control", chance)
        self._processes = Processes(os.getpid())
        self.made: list[Made] = []
        self.captures = 0
        self._searched: list[Searched] = []
        callback = f"{webhooks.url}/status?for={self._control.number}"
        self._stage = stage_on(
            line, Books(self._work, Callers(line.stack.folder, self._work)), self._control, callback
        )
        self.cast = Cast(self._stage, chance)

    async def close(self) -> None:
        await self._work.close()

    async def perform(self) -> None:
        """All calls; the memory is searched between them, before its process is killed."""
        async with (
            watching(self._line.folder / "outside", self._line.addresses),
            beside(self._processes.run),
        ):
            await evidence.subscribe(self._line.stack.api, self._line.stack.headers, self._webhooks.url)
            async with evidence.bystander(_IDLE, self._control.number):
                await self._processes_seen()
            await self._line.write_keys(write=True)
            async with self._control_call(Dtmf.RFC4733):
                pass
            await self._line.write_keys(write=False)
            ways = scenarios(short=self._plan.short)
            self._progress.phase("calls, by way out and kind of keys", len(ways) + self._plan.captures)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._capture_many)
                gentle = [one for one in ways if not one.way.alone]
                self.made += await self.cast.play_all(gentle, self._told)
            captured = len(self.cast.canaries)
            await self._search_memory(f"memory of the controller after {captured} cards")
            self.made += await self.cast.play_all([one for one in ways if one.way.alone], self._told)
            await self._search_memory("memory of the controller that took over")

    async def search(self) -> Sequence[Searched]:
        """All places that are no process."""
        found = await self._found()
        plant(found, self._control)
        search = await self._compiled()
        places = list(inventory(found, self._control))
        self._progress.phase("places", len(places))
        looked: dict[str, Searched] = {}
        limit = anyio.CapacityLimiter(_SEARCHES)

        async def one(place: Place) -> None:
            async with limit:
                looked[place.name] = await self._look(search, place)
            self._progress.step()

        async with anyio.create_task_group() as tasks:
            for place in places:
                tasks.start_soon(one, place)
        return [*self._searched, *(looked[place.name] for place in places)]

    async def _capture_many(self) -> None:
        limit = anyio.CapacityLimiter(_AT_ONCE)

        async def one() -> None:
            async with limit:
                made = await self.cast.capture()
                self.captures += not made.problem
                if made.problem:
                    self.made.append(made)
                self._progress.step()

        async with anyio.create_task_group() as tasks:
            for _ in range(self._plan.captures):
                tasks.start_soon(one)

    async def _search_memory(self, name: str) -> None:
        controller = self._line.stack.controller
        if controller is None:
            raise OutOfReach("the line does not run")
        search = await self._compiled()
        name += f", {LEFT_READABLE}" if self._line.left_readable else ""
        async with self._control_call(Dtmf.INFO):
            with _stopped(controller.pid):
                self._searched.append(await self._look(search, controller_memory(name, controller.pid)))

    @asynccontextmanager
    async def _control_call(self, dtmf: Dtmf) -> AsyncIterator[None]:
        """A call of somebody whose number is the control's, and who keys it in where no card is asked for."""
        for attempt in range(_TRIES):
            try:
                async with AsyncExitStack() as stack:
                    ticket = Ticket(self._control.number, self.cast.account(), self._control, dtmf)
                    player = await stack.enter_async_context(calling(self._stage, ticket))
                    await player.asked("ask_account", f"{self._control.number[:12]}")
                    await player.said("account_not_found")
                    kept = stack.pop_all()
                break
            except Astray:
                if attempt == _TRIES - 1:
                    raise
        async with kept:
            yield

    async def _processes_seen(self) -> None:
        number = self._control.number.encode()
        with anyio.fail_after(_SEEN_S):
            while not any(number in seen for seen in list(self._processes.seen)):  # noqa: ASYNC110
                await anyio.sleep(0.05)

    async def _found(self) -> Found:
        folder, line = self._line.folder, self._line.stack.folder
        stack, books = self._line.stack, self._stage.books
        await self._webhooks.quiet()
        spoken = await books.call(self._control.number)
        await books.spoken(spoken, self._control.number[:WINDOW])
        answers = await evidence.answers(stack.api, stack.headers)
        figures = await evidence.figures(stack.api)
        await evidence.dump(self._url, folder / "dump.sql")
        await evidence.fail_a_statement(self._url, self._control.number)
        await books.flush()
        return Found(
            root=folder,
            line=line,
            outside=folder / "outside",
            agents=folder / "agents",
            dump=folder / "dump.sql",
            answers=answers,
            metrics=figures,
            processes=self._processes,
            users=frozenset({os.geteuid(), (line / "postgres" / "data").stat().st_uid}),
            since=self._since,
        )

    async def _compiled(self) -> Search:
        return await anyio.to_thread.run_sync(
            lambda: Search(self._control, tuple(self.cast.canaries), time.monotonic)
        )

    async def _look(self, search: Search, place: Place) -> Searched:
        return await anyio.to_thread.run_sync(search.look, place)

    def _told(self, _made: Made) -> None:
        self._progress.step()


@contextmanager
def _stopped(pid: int) -> Iterator[None]:
    """A process that does nothing for a moment: its memory holds still while it is read."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def _versions(line: ProvenLine) -> dict[str, str]:
    asterisk = await line.stack.asterisk.console("core show version")
    postgres = await anyio.run_process([str(binaries() / "postgres"), "--version"], stderr=subprocess.STDOUT)
    return {
        "Tellerline": version_of("tellerline"),
        "Asterisk": asterisk.split(" built ")[0].removeprefix("Asterisk "),
        "PostgreSQL": postgres.stdout.decode().split()[-1],
        "Python": platform.python_version(),
        "system": platform.platform(),
    }
