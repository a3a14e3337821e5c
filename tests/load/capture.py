"""Card capture under load: key to prompt on real Asterisk, digits lost in simulation; figures `capture.*`."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import anyio
from rich.console import Console

from tests.load.caller import Caller
from tests.load.figure import Figure
from tests.load.gaps import percentile
from tests.load.lab import Lab
from tests.load.trial import FAST_PACE, HASTY_PACE, Tell, listened

CAPTURES: Final = 10_000
_TRIALS: Final = (  # one, calls that come so many a second, and how soon their callers type
    (1, 3, 1 / 24, HASTY_PACE),  # one after the other
    (50, 50, 2.5, FAST_PACE),
)
_LIMITS_MS: Final = {1: 150.0, 50: 250.0}
_AFTER: Final = (2, 3)  # of what a caller types: the number, the expiry; a prompt follows each at once
_SIMULATION_S: Final = 600.0
_SEEDS: Final = (1, 2)
_TALLY: Final = re.compile(r"captures=(\d+).*?missed=(\d+), wrong=(\d+)")


async def key_to_prompt(lab: Lab, console: Console, tell: Tell) -> list[Figure]:
    """Last key of a field to the first packet of the next prompt, at one call and at 50 at once."""
    figures = []
    for calls, many, rate_cps, pace in _TRIALS:
        people, held = await listened(lab, many, rate_cps, tell, pace)
        console.print(f"  capture: {held.told}", highlight=False)
        waits = waits_ms(people)
        if len(waits) < many:  # half of the questions may have been typed over
            console.print(f"[red]only {len(waits)} prompts of {2 * many} were heard[/]")
            continue
        limit = _LIMITS_MS[calls]
        p95 = round(percentile(waits, 0.95), 1)
        figures.append(Figure(f"capture.key_to_prompt_p95_ms_{calls}", p95, "ms", limit, "the demand", limit))
    return figures


def waits_ms(people: Sequence[Caller]) -> list[float]:
    """From the end of each field's last key to the next packet that its caller heard, in milliseconds."""
    waits = []
    for one in people:
        for typed in _AFTER:
            last = sum(len(typing.keys) for typing in one.types[: typed + 1]) - 1
            if last >= len(one.pressed):
                continue
            let_go_s = one.pressed[last]
            heard = [packet.at_s - let_go_s for packet in one.heard if packet.at_s > let_go_s]
            if heard:
                waits.append(1000 * min(heard))
    return waits


async def digits_lost(_folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Captures of many in simulation that end with other digits than were meant; in two processes."""
    tell(f"{CAPTURES} simulated captures", 0.0)
    told: list[str] = []

    async def half(seed: int) -> None:
        command = [sys.executable, "-m", "tests.sim.many_captures", str(CAPTURES // 2)]
        environment = {**os.environ, "TELLERLINE_SEED": str(seed)}
        done = await anyio.run_process(command, check=False, stderr=subprocess.STDOUT, env=environment)
        told.append(done.stdout.decode().strip())

    with anyio.move_on_after(_SIMULATION_S):
        async with anyio.create_task_group() as halves:
            for seed in _SEEDS:
                halves.start_soon(half, seed)
    tallies = [tuple(map(int, found.groups())) for one in told if (found := _TALLY.search(one))]
    for one in told:
        console.print(f"  capture: {one[-2000:]}", highlight=False)
    if len(tallies) < len(_SEEDS):
        console.print(f"[red]the simulation failed, or took longer than {_SIMULATION_S:.0f} s[/]")
        return []
    lost = CAPTURES - sum(captures - missed - wrong for captures, missed, wrong in tallies)
    return [Figure("capture.digits_lost", lost, "captures", 0, f"of {CAPTURES}", 0)]
