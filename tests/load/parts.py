"""What the bench measures, part by part, with the names of the figures that come of each."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from tests.load import calls, capture
from tests.load.barge import bargein
from tests.load.bundle import bundle
from tests.load.captures import digits_lost_asterisk
from tests.load.decide import decide
from tests.load.false_stops import false_stops
from tests.load.figure import Figure
from tests.load.first_page import first_page
from tests.load.hear import hear
from tests.load.intents import intents
from tests.load.lab import Lab
from tests.load.lists import lists
from tests.load.live import live
from tests.load.models import fraud, routing
from tests.load.payments import payments
from tests.load.pipeline import pipeline
from tests.load.soak import soak
from tests.load.start import start
from tests.load.trial import Tell
from tests.load.turns import turns
from tests.load.voices import voices

Names = tuple[str, ...]
OfLine = Callable[[Lab, Console, Tell], Awaitable[list[Figure]]]
Alone = Callable[[Path, Console, Tell], Awaitable[list[Figure]]]


_HELD: Final = ("calls.playback_held", "calls.keypad_held")

# These share one line. The first are of single calls, and leave the machine idle.
OF_LINE: Final[dict[Names, OfLine]] = {
    ("start.ready_s",): start,
    ("capture.key_to_prompt_p95_ms_1", "capture.key_to_prompt_p95_ms_50"): capture.key_to_prompt,
    ("calls.setup_p95_ms_1", "calls.setup_p95_ms_20cps"): calls.setup,
    _HELD: calls.held,
    (
        "cpu.controller_pct_per_call",
        "cpu.asterisk_pct_per_call",
        "cpu.controller_ms_per_payment",
        "memory.controller_kb_per_call",
    ): calls.cost,
}

# Where all is measured, the search for the most calls is a shorter one.
SHORTER: Final[dict[Names, OfLine]] = OF_LINE | {_HELD: calls.held_shortly}

# These start what they need, each below a folder of its own.
ALONE: Final[dict[Names, Alone]] = {
    ("decide.per_s", "decide.p99_ms"): decide,
    ("turn.p50_ms_1", "turn.p95_ms_1", "turn.p95_ms_10"): turns,
    ("bargein.voice_p95_ms", "bargein.key_p95_ms"): bargein,
    ("pipeline.ms_per_frame",): pipeline,
    ("voice.first_sentence_ms",): voices,
    ("desk.payments_per_s",): payments,
    ("live.p99_ms_1000_of_10000",): live,
    ("api.list_p95_ms", "api.list_worst_p95_ms", "api.summary_p95_ms"): lists,
    ("web.first_page_ms",): first_page,
    ("capture.digits_lost_asterisk", "capture.turned_away", "capture.at_once"): digits_lost_asterisk,
}

# How good, not how fast: the same on a busy machine.
TIMELESS: Final[dict[Names, Alone]] = {
    ("soak.rss_growth_mb",): soak,
    ("asr.",): hear,  # and a name for each recognizer and set of recordings that are there
    ("fraud.auc", "fraud.ap", "fraud.p_at_100"): fraud,
    ("capture.digits_lost",): capture.digits_lost,
    ("intents.unseen.", "intents.banking77_words_accuracy", "intents.banking77_accuracy"): intents,
    ("routing.regret_pct", "routing.best_fixed_pct", "routing.window_pct"): routing,
    ("bargein.false_stops_10min",): false_stops,
    ("web.first_bundle_kb",): bundle,
}

# These leave the machine idle for most of their time: TIMELESS is measured beside them.
IDLE: Final = (capture.key_to_prompt, calls.setup, turns, bargein)


def names() -> list[str]:
    """All of them; one that ends in a point stands for all that begin with it."""
    return [name for several in (*OF_LINE, *ALONE, *TIMELESS) for name in several]


def asked_for(wanted: str, several: Sequence[str]) -> bool:
    """Whether some of these names begin with what is wanted; a whole name means that figure alone."""
    if wanted in names():
        return wanted in several
    return any(name.startswith(wanted) or (name[-1] == "." and wanted.startswith(name)) for name in several)
