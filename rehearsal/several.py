"""Playing several rehearsals, again and again, some of them at once."""

from collections.abc import Callable, Sequence

import anyio

from rehearsal.play import play
from rehearsal.result import Result
from rehearsal.script import Script
from rehearsal.stage import Stage
from rehearsal.timeline import Entry


async def play_all(
    scripts: Sequence[Script],
    stage: Stage,
    *,
    repeat: int = 1,
    at_once: int = 1,
    on_entry: Callable[[int, Entry], None] = lambda _number, _entry: None,
) -> list[Result]:
    """Play each script `repeat` times, `at_once` of them at a time; results in the order they were begun.

    `on_entry` gets each moment with the number of its rehearsal, from 0 on.
    """
    planned = [script for _ in range(repeat) for script in scripts]
    results: dict[int, Result] = {}
    limiter = anyio.CapacityLimiter(at_once)

    async def one(number: int, script: Script) -> None:
        async with limiter:
            results[number] = await play(script, stage, lambda entry: on_entry(number, entry))

    async with anyio.create_task_group() as tasks:
        for number, script in enumerate(planned):
            tasks.start_soon(one, number, script)
    return [results[number] for number in range(len(planned))]
