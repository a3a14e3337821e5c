"""`make bench`: measure the line, each figure beside its baseline of the same run.

    python -m tests.load.bench [NAME]

NAME is a figure or the beginning of some (`calls`, `calls.keypad_held`). What is measured and how stands in
docs/reference/bench.md. The table goes to the screen, and the figures to `.local/bench.json`.
"""

import os
import resource
import shutil
import signal
import sys
from collections.abc import Sequence
from functools import partial

import anyio
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from core import log
from core.errors import TellerlineError
from node.parts.claim import Claim
from node.parts.folder import local_folder
from tests.load.figure import show
from tests.load.frame import Frame
from tests.load.one_line import OneLine
from tests.load.parts import ALONE, IDLE, OF_LINE, SHORTER, TIMELESS, Alone, Names, asked_for, names
from tests.load.remains import end_remains
from tests.load.timeless import timeless
from tests.load.trial import Tell

_WIDE = 140  # columns in a file


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for; 0 when all of it was measured and every demand is met."""
    wanted = arguments[0] if arguments else ""
    if not asked_for(wanted, names()):
        sys.stderr.write(f"there is no figure {wanted}; there are: {', '.join(names())}\n")
        return 2
    log.configure("error", "console")
    _allow_files()
    try:
        with Claim(local_folder() / "bench-claim"):
            return anyio.run(_measure, wanted, backend_options={"use_uvloop": True})
    except TellerlineError as refused:
        sys.stderr.write(f"{refused}\n")
        return 2


async def _measure(wanted: str) -> int:
    console = Console(width=None if sys.stdout.isatty() else _WIDE)
    console.print(f"this machine: {_machine()}", highlight=False)
    frame = Frame(console, local_folder() / "bench.json", _machine)
    if left := await end_remains(local_folder().glob("bench*")):
        console.print(f"ended what an earlier bench left behind: processes {left}", highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, refresh_per_second=1) as progress:
        progress.add_task("starting", total=1.0)
        ended_by = await _until_signal(wanted, frame, partial(_tell, progress))
    show(console, frame.figures)
    for name, why in frame.broken.items():
        console.print(f"[red]not measured: {name}: [/]{why}", highlight=False)
    if ended_by:
        console.print(f"[red]ended by {ended_by}; what was measured until then is kept[/]")
    missed = any(one.verdict == "below" for one in frame.figures)
    return 1 if missed or frame.broken or ended_by else 0


async def _until_signal(wanted: str, frame: Frame, tell: Tell) -> str:
    """Measure; the name of the signal that ended it before its end. What was started is stopped first."""
    ended_by = ""

    async def watch(scope: anyio.CancelScope) -> None:
        nonlocal ended_by
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM, signal.SIGHUP) as signals:
            async for one in signals:
                ended_by = one.name
                scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch, tasks.cancel_scope)
        await (_whole(frame, tell) if not wanted else _some(wanted, frame, tell))
        tasks.cancel_scope.cancel()
    return ended_by


async def _some(wanted: str, frame: Frame, tell: Tell) -> None:
    async with OneLine(frame, tell) as line:
        for several, of_line in OF_LINE.items():
            if asked_for(wanted, several):
                await line.measure(several, of_line)
    for several, alone in (ALONE | TIMELESS).items():
        if asked_for(wanted, several):
            await _by_itself(frame, tell, several, alone)


async def _whole(frame: Frame, tell: Tell) -> None:
    """All of it: what does not depend on time is measured beside single calls, by a process of its own."""
    first, *others = SHORTER.items()
    async with OneLine(frame, tell) as line:
        await line.measure(*first)
        async with timeless() as beside:
            for several, of_line in others:
                if of_line in IDLE:
                    await line.measure(several, of_line)
            await _by_themselves(frame, tell, idle=True)
            tell("figures that do not depend on time", 1.0)
            await beside.into(frame)
        for several, of_line in others:
            if of_line not in IDLE:
                await line.measure(several, of_line)
    await _by_themselves(frame, tell, idle=False)


async def _by_themselves(frame: Frame, tell: Tell, *, idle: bool) -> None:
    for several, alone in ALONE.items():
        if (alone in IDLE) == idle:
            await _by_itself(frame, tell, several, alone)


async def _by_itself(frame: Frame, tell: Tell, several: Names, alone: Alone) -> None:
    folder = local_folder() / f"bench-{alone.__name__}"
    shutil.rmtree(folder, ignore_errors=True)
    await frame.measure(several, partial(alone, folder, frame.console, tell))


def _tell(progress: Progress, about: str, part: float) -> None:
    progress.update(progress.task_ids[0], description=about, completed=part)


def _machine() -> str:
    loads = ", ".join(f"{load:.2f}" for load in os.getloadavg())
    return f"{os.cpu_count()} cores, load {loads}"


def _allow_files() -> None:
    """A socket a caller, here and in Asterisk, which inherits it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
