"""How soon the line is ready, after its first time; the figure `start.ready_s`."""

import statistics
import subprocess
import sys
import time

from rich.console import Console

from tests.load.figure import Figure
from tests.load.lab import Lab
from tests.load.trial import Tell

_TIMES = 3
_READY_S = 3.0


async def start(lab: Lab, console: Console, tell: Tell) -> list[Figure]:
    """From the start of the process to `/readyz` saying yes, and what of it is Python importing code."""
    ready, imports = [], []
    for time_ in range(_TIMES):
        tell("starting the line", time_ / _TIMES)
        imports.append(_import_s())
        ready.append(await _ready_s(lab))
    tell("starting the line", 1.0)
    console.print(f"  ready after {_told(ready)} s, of which imports {_told(imports)} s", highlight=False)
    of = "interpreter and imports alone"
    found, base = statistics.median(ready), statistics.median(imports)
    return [Figure("start.ready_s", round(found, 2), "s", round(base, 2), of, _READY_S)]


async def _ready_s(lab: Lab) -> float:
    assert lab.line.controller is not None
    await lab.line.controller.stop()
    began = time.perf_counter()
    await lab.line.start_line()
    return time.perf_counter() - began


def _import_s() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import node.commands.run, node.lifecycle"], check=True)
    return time.perf_counter() - began


def _told(times: list[float]) -> str:
    return ", ".join(f"{one:.2f}" for one in times)
