"""Figures that tell how good and not how fast, from a process of the lowest priority.

    python -m tests.load.timeless FILE

The whole bench would take too long one part after the other. While its single calls leave the machine idle,
this process trains, judges and simulates with what is left over; each figure goes to FILE as a line of JSON.
"""

import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final

import anyio
from anyio.abc import Process
from rich.console import Console

from core import log
from node.parts.folder import local_folder
from tests.load.figure import Figure
from tests.load.frame import Frame
from tests.load.parts import TIMELESS, Alone

_AT_ONCE: Final = 2
_LOWEST: Final = 19
_LONGEST_S: Final = 900.0
_STOP_S: Final = 20.0


class Timeless:
    """That process, seen from the bench."""

    def __init__(self, process: Process, file: Path, told: Path) -> None:
        self._process, self._file, self._told = process, file, told

    async def into(self, frame: Frame) -> None:
        """Wait for the end of it; its figures, and what is missing of them, are the frame's."""
        with anyio.move_on_after(_LONGEST_S):
            await self._process.wait()
        frame.console.print(self._told.read_text(), highlight=False, markup=False, end="")
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        frame.add([Figure(**json.loads(line)) for line in lines])
        for several in TIMELESS:
            missing = [
                name for name in several if not any(one.name.startswith(name) for one in frame.figures)
            ]
            if missing:
                frame.lose(missing, f"no figure came of it; {self._told} has its words")


@asynccontextmanager
async def timeless() -> AsyncIterator[Timeless]:
    """Run it beside; it is ended when the bench is."""
    folder = local_folder() / "bench-timeless"
    folder.mkdir(parents=True, exist_ok=True)
    file, told = folder / "figures.jsonl", folder / "told.txt"
    file.unlink(missing_ok=True)
    with told.open("wb") as words:
        command = [sys.executable, "-m", "tests.load.timeless", str(file)]
        process = await anyio.open_process(
            command, stdin=None, stdout=words, stderr=words, start_new_session=True
        )
    try:
        yield Timeless(process, file, told)
    finally:
        with anyio.CancelScope(shield=True):
            await _end(process)


async def _end(process: Process) -> None:
    """With all that it started: they are one session."""
    for end in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is None:
            os.killpg(process.pid, end)
            with anyio.move_on_after(_STOP_S):
                await process.wait()


async def _measured(file: Path) -> None:
    console = Console(width=110)
    room = anyio.CapacityLimiter(_AT_ONCE)

    async def one(several: Sequence[str], part: Alone) -> None:
        async with room:
            frame = Frame(console, file.with_suffix(".json"), lambda: "")
            await frame.measure(
                several, partial(part, local_folder() / f"bench-{part.__name__}", console, _quiet)
            )
            with file.open("a", encoding="utf-8") as lines:
                lines.writelines(f"{json.dumps(asdict(figure))}\n" for figure in frame.figures)

    async with anyio.create_task_group() as tasks:
        for several, part in TIMELESS.items():
            tasks.start_soon(one, several, part)


def _quiet(_about: str, _part: float) -> None:
    """Nobody watches."""


if __name__ == "__main__":
    os.nice(_LOWEST)
    log.configure("error", "console")
    anyio.run(_measured, Path(sys.argv[1]))
