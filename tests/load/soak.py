"""Whether hours of calls leave memory behind; the figure `soak.rss_growth_mb`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import anyio
from rich.console import Console

from tests.load.figure import Figure
from tests.load.trial import Tell

MINUTES = 120
_ASKED = "TELLERLINE_SOAK_RSS"
_LONGEST_S = 840.0  # at the lowest priority


async def soak(folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Two hours' worth of simulated calls; resident memory after them and after the first two minutes."""
    tell(f"{MINUTES} minutes of simulated calls", 0.0)
    written = (folder / "soak.json").absolute()
    written.parent.mkdir(parents=True, exist_ok=True)
    written.unlink(missing_ok=True)
    test = Path(__file__).parents[1] / "sim" / "test_soak.py"
    environment = {**os.environ, "TELLERLINE_SOAK_MINUTES": str(MINUTES), _ASKED: str(written)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    with anyio.move_on_after(_LONGEST_S):
        done = await anyio.run_process(command, env=environment, check=False, stderr=subprocess.STDOUT)
        if done.returncode == 0:
            tell(f"{MINUTES} minutes of simulated calls", 1.0)
            return [_figure(json.loads(written.read_text()))]
        console.print(done.stdout.decode()[-2000:])
    console.print(f"[red]the soak failed, or took longer than {_LONGEST_S:.0f} s[/]")
    return []


def _figure(soaked: dict[str, float]) -> Figure:
    grown = (soaked["after_kb"] - soaked["before_kb"]) / 1024
    return Figure(
        "soak.rss_growth_mb",
        round(grown, 1),
        "MB",
        round(soaked["before_kb"] / 1024, 1),
        f"resident before; {soaked['calls']:.0f} calls",
    )
