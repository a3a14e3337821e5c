"""`make bench`: measure the line, each figure beside its baseline of the same run.

    python -m tests.load.bench [NAME]

NAME is a figure or the beginning of some (`calls`, `calls.keypad_held`). What is measured and how stands in
docs/reference/bench.md. The table goes to the screen, and the figures to `.local/bench.json`.
"""

import os
import resource
import shutil
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

import anyio
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from core import log
from node.parts.folder import local_folder
from tests.load import calls, capture
from tests.load.barge import bargein
from tests.load.bundle import bundle
from tests.load.captures import digits_lost_asterisk
from tests.load.decide import decide
from tests.load.figure import Figure, keep, show
from tests.load.first_page import first_page
from tests.load.hear import hear
from tests.load.intents import intents
from tests.load.lab import Lab, lab
from tests.load.lists import lists
from tests.load.live import live
from tests.load.models import fraud, routing
from tests.load.payments import payments
from tests.load.pipeline import pipeline
from tests.load.soak import soak
from tests.load.start import start
from tests.load.trial import Tell
from tests.load.turns import turns

Part = Callable[[Lab, Console, Tell], Awaitable[list[Figure]]]


async def _held(lab_: Lab, console: Console, tell: Tell) -> list[Figure]:
    playback = await calls.playback_held(lab_, console, tell)
    return calls.held_figures(await calls.keypad_held(lab_, console, tell), playback)


_PARTS: dict[tuple[str, ...], Part] = {
    ("start.ready_s",): start,
    ("calls.setup_p95_ms_1", "calls.setup_p95_ms_20cps"): calls.setup,
    (
        "cpu.controller_pct_per_call",
        "cpu.asterisk_pct_per_call",
        "cpu.controller_ms_per_payment",
        "memory.controller_kb_per_call",
    ): calls.cost,
    ("calls.playback_held", "calls.keypad_held"): _held,
    ("capture.key_to_prompt_p95_ms_1", "capture.key_to_prompt_p95_ms_50"): capture.key_to_prompt,
}
Alone = Callable[[Path, Console, Tell], Awaitable[list[Figure]]]

# These start what they need, each below a folder of its own.
_ALONE: dict[tuple[str, ...], Alone] = {
    ("decide.per_s", "decide.p99_ms"): decide,
    ("routing.regret_pct", "routing.best_fixed_pct", "routing.window_pct"): routing,
    ("fraud.auc", "fraud.ap", "fraud.p_at_100"): fraud,
    ("intents.banking77_words_accuracy", "intents.banking77_accuracy"): intents,
    ("turn.p50_ms_1", "turn.p95_ms_1", "turn.p95_ms_10"): turns,
    ("bargein.voice_p95_ms", "bargein.key_p95_ms", "bargein.false_stops_10min"): bargein,
    ("pipeline.ms_per_frame",): pipeline,
    ("asr.",): hear,  # and a name for each recognizer and set of recordings that are there
    ("desk.payments_per_s",): payments,
    ("live.p99_ms_1000_of_10000",): live,
    ("api.list_p95_ms", "api.list_worst_p95_ms", "api.summary_p95_ms"): lists,
    ("capture.digits_lost",): capture.digits_lost,
    ("capture.digits_lost_asterisk", "capture.at_once"): digits_lost_asterisk,
    ("soak.rss_growth_mb",): soak,
    ("web.first_bundle_kb",): bundle,
    ("web.first_page_ms",): first_page,
}


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for; 0 when every demand is met."""
    wanted = arguments[0] if arguments else ""
    names = [name for several in (*_PARTS, *_ALONE) for name in several]
    if not _asked_for(wanted, names):
        sys.stderr.write(f"there is no figure {wanted}; there are: {', '.join(names)}\n")
        return 2
    log.configure("error", "console")
    _allow_files()
    return anyio.run(_measure, wanted, backend_options={"use_uvloop": True})


async def _measure(wanted: str) -> int:
    console, machine = Console(), _machine()
    console.print(f"this machine: {machine}", highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, refresh_per_second=1) as progress:
        progress.add_task("starting", total=1.0)
        figures = await _figures(wanted, console, partial(_tell, progress))
    show(console, figures)
    keep(local_folder() / "bench.json", figures, f"{machine}; afterwards {_machine()}")
    return 1 if any(one.verdict == "below" for one in figures) else 0


async def _figures(wanted: str, console: Console, tell: Tell) -> list[Figure]:
    folder = local_folder() / "bench"
    figures: list[Figure] = []
    parts = [part for several, part in _PARTS.items() if _asked_for(wanted, several)]
    if parts:
        shutil.rmtree(folder, ignore_errors=True)
        tell("starting a line", 0.0)
        async with lab(folder) as line:
            for part in parts:
                figures += await part(line, console, tell)
    for several, alone in _ALONE.items():
        if _asked_for(wanted, several):
            own = local_folder() / f"bench-{alone.__name__}"
            shutil.rmtree(own, ignore_errors=True)
            figures += await alone(own, console, tell)
    return figures


def _asked_for(wanted: str, names: Sequence[str]) -> bool:
    """A name that ends in a point stands for all that begin with it."""
    return any(name.startswith(wanted) or (name[-1] == "." and wanted.startswith(name)) for name in names)


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
