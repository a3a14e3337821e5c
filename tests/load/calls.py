"""Calls held, set-up, and what a call costs; the figures `calls.*`, `cpu.*` and `memory.*`."""

from collections.abc import Awaitable, Callable, Sequence

from rich.console import Console

from tests.load.figure import Figure
from tests.load.lab import Lab
from tests.load.search import most
from tests.load.trial import Held, Tell, arrivals, payments, playbacks

_PLAYBACK_FIRST = 1200
_FLOOR, _AIM = 0.5, 0.8  # of what Playback holds
_KEYPAD_WITHIN_S, _PLAYBACK_WITHIN_S = 270.0, 140.0  # three trials each
_SHORT = 0.0  # of that where all is measured: one trial that holds
_LIGHT = 50
_SLOW, _SLOW_CPS = 16, 0.3
_FAST_CPS = 20.0
_FAST = 200

Trial = Callable[[Lab, int, Tell], Awaitable[Held]]


async def held(lab: Lab, console: Console, tell: Tell) -> list[Figure]:
    """How many calls Asterisk holds that only hear a file, and how many keypad payments the line holds."""
    return await _held(lab, console, tell, 1.0)


async def held_shortly(lab: Lab, console: Console, tell: Tell) -> list[Figure]:
    """Whether half as many payments are held as calls that only hear a file, and no more than that."""
    return await _held(lab, console, tell, _SHORT)


async def _held(lab: Lab, console: Console, tell: Tell, share: float) -> list[Figure]:
    playback = await _most(lab, playbacks, (_PLAYBACK_FIRST, _PLAYBACK_WITHIN_S * share), console, tell)
    floor, aim = round(_FLOOR * playback), round(_AIM * playback)
    keypad = await _most(lab, payments, (floor, _KEYPAD_WITHIN_S * share), console, tell)
    alone = "Asterisk alone, plain Playback"
    return [
        Figure("calls.playback_held", playback, "calls", None, alone),
        Figure("calls.keypad_held", keypad, "calls", playback, alone, floor, aim, less=False),
    ]


async def setup(lab: Lab, console: Console, tell: Tell) -> list[Figure]:
    """INVITE to the first packet that holds sound, at one call up at a time and at 20 new ones a second."""
    one = await arrivals(lab, _SLOW, _SLOW_CPS, tell)
    many = await arrivals(lab, _FAST, _FAST_CPS, tell)
    for held in (one, many):
        console.print(f"  set-up: {held.told}", highlight=False)
    of = "the demand"
    return [
        Figure("calls.setup_p95_ms_1", round(one.setup_p95_ms, 1), "ms", 300, of, 300),
        Figure("calls.setup_p95_ms_20cps", round(many.setup_p95_ms, 1), "ms", 600, of, 600),
    ]


async def cost(lab: Lab, console: Console, tell: Tell) -> list[Figure]:
    """What a call that is up takes, at a load well under the limit; beside it Asterisk without us.

    Trials that were held on this line before, for other figures, are not made again.
    """
    idle = _seen(lab.played_trials, 1) or await playbacks(lab, _LIGHT, tell)
    paying = _seen(lab.paid_trials, _LIGHT) or await payments(lab, _LIGHT, tell)
    again = _seen(lab.paid_trials, 2 * paying.calls) or await payments(lab, 2 * paying.calls, tell)
    for held in (idle, paying, again):
        console.print(f"  cost: {held.told}", highlight=False)
    ours, theirs = paying.shares["controller"], paying.shares["asterisk"]
    alone = idle.shares["asterisk"].cpu_pct / idle.calls
    grown_kb = (again.shares["controller"].memory_kb - ours.memory_kb) / (again.calls - paying.calls)
    core = "% of a core"
    return [
        Figure(
            "cpu.controller_pct_per_call",
            _round(ours.cpu_pct / paying.calls),
            core,
            _round(theirs.cpu_pct / paying.calls),
            "Asterisk's in the same calls",
        ),
        Figure(
            "cpu.asterisk_pct_per_call",
            _round(theirs.cpu_pct / paying.calls),
            core,
            _round(alone),
            "Asterisk alone, plain Playback",
        ),
        Figure(
            "cpu.controller_ms_per_payment",
            round(again.cpu_ms["controller"], 1),
            "ms",
            round(again.cpu_ms["asterisk"], 1),
            "Asterisk's in the same calls",
        ),
        Figure(
            "memory.controller_kb_per_call",
            round(grown_kb, 1),
            "kB",
            round(ours.memory_kb),
            f"resident with {paying.calls} calls up",
        ),
    ]


def _seen(trials: Sequence[Held], least: int) -> Held | None:
    """The smallest trial of at least so many calls."""
    return min((held for held in trials if held.calls >= least), key=lambda held: held.calls, default=None)


async def _most(lab: Lab, trial: Trial, limits: tuple[int, float], console: Console, tell: Tell) -> int:
    async def holds(calls: int) -> bool:
        held = await trial(lab, calls, tell)
        console.print(f"  {held.told}", highlight=False)
        return held.good

    return await most(holds, *limits)


def _round(value: float) -> float:
    return round(value, 3)
