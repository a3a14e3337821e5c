"""So many calls at once, held and measured."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import anyio

from tests.load.caller import Caller, attend, caller
from tests.load.gaps import LATE_MS, gaps_ms, percentile
from tests.load.keys import Typing
from tests.load.lab import PAYS, PLAYED_S, PLAYS, Lab, Paid
from tests.load.shares import Share, Watch, processes
from tests.load.sipp import LISTENS, STAYS, Load, Sipp

LISTENERS = 8
RAMP_S = 40.0  # twice as many new calls a second as so many calls need to stay up
_PLAY_RAMP_S = 22.0
_SETTLE_S = 2.0
_AFTER_S = 60.0
_GREETED_S = 3.0
_STEPS = 50
_CARD = "4242424242424242"

Tell = Callable[[str, float], None]
"""Told what is being done, and how much of it, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Held:
    """What came of a trial; `paid` is None where callers only listened.

    `shares` are of the time when all were up, `cpu_ms` of the whole trial, a call.
    """

    calls: int
    sipp_code: int
    gap_p99_ms: float
    gap_max_ms: float
    setup_p95_ms: float
    unheard: int
    paid: Paid | None
    shares: dict[str, Share]
    cpu_ms: dict[str, float]

    @property
    def good(self) -> bool:
        """Nobody unheard, no key lost (all paid, once), no late prompt."""
        paid = self.paid is None or self.paid.all_once
        return self.sipp_code == 0 and not self.unheard and paid and self.gap_p99_ms < LATE_MS

    @property
    def told(self) -> str:
        """One line about it."""
        shares = ", ".join(f"{name} {share.cpu_pct:.0f}%" for name, share in self.shares.items())
        paid = f", {self.paid.once} of {self.paid.accounts} paid once" if self.paid else ""
        return (
            f"{self.calls} calls: gap p99 {self.gap_p99_ms:.0f} ms (max {self.gap_max_ms:.0f}), "
            f"set-up p95 {self.setup_p95_ms:.0f} ms{paid}; {shares}; {'held' if self.good else 'not held'}"
        )


@dataclass(frozen=True, slots=True)
class Pace:
    """The pauses before a caller types account, 1, card, expiry and code, in seconds from the last key.

    `ramp_s` is over how long the callers come, `payment_s` how long one is up. `on_s` after the code comes
    the key of a caller who need not hear the receipt again; without it the line waits for one in vain.
    """

    account_s: float
    choice_s: float
    card_s: float
    expiry_s: float
    code_s: float
    ramp_s: float
    payment_s: float
    on_s: float | None = None


HUMAN_PACE = Pace(12.0, 8.5, 12.5, 3.0, 3.0, RAMP_S, 84.0)  # hears each question for two or three seconds
FAST_PACE = Pace(5.5, 4.5, 6.5, 1.5, 1.5, 4.0, 34.0, 2.0)  # for a voice that speaks twice as fast
HASTY_PACE = Pace(2.0, 1.5, 2.5, 1.5, 1.5, 4.0, 22.0, 2.0)  # types while the questions are being asked


async def payments(lab: Lab, many: int, tell: Tell, pace: Pace = HUMAN_PACE) -> Held:
    """So many callers pay by keypad, all up at once for a while."""
    numbers = await lab.bills(many)
    chance = Random(many)
    people = [caller(_payment(number, pace), listens=_listens(at, many)) for at, number in enumerate(numbers)]
    run = await _run(lab, people, _Plan(STAYS, PAYS, many / pace.ramp_s, pace.payment_s), chance, tell)
    await anyio.sleep(_SETTLE_S)  # the last records are written behind the calls' backs
    return _kept(_held(people, run, await lab.paid(numbers)), lab.paid_trials)


async def listened(
    lab: Lab, many: int, rate_cps: float, tell: Tell, pace: Pace = HUMAN_PACE
) -> tuple[list[Caller], Held]:
    """So many callers pay, so many new ones a second, each listened to from the first to the last packet."""
    numbers = await lab.bills(many)
    people = [caller(_payment(number, pace), listens=True) for number in numbers]
    plan = _Plan(STAYS, PAYS, rate_cps, pace.payment_s)
    run = await _run(lab, people, plan, Random(many), tell)
    await anyio.sleep(_SETTLE_S)
    return people, _kept(_held(people, run, await lab.paid(numbers)), lab.paid_trials)


async def captures(
    lab: Lab, cards: Sequence[str], rate_cps: float, pace: Pace, tell: Tell
) -> tuple[list[str], list[Caller], Held]:
    """A caller a card, so many new ones a second; the accounts that they pay for, in the same order."""
    numbers = await lab.bills(len(cards))
    people = [
        caller(_payment(number, pace, card), listens=False)
        for number, card in zip(numbers, cards, strict=True)
    ]
    run = await _run(lab, people, _Plan(STAYS, PAYS, rate_cps, pace.payment_s), Random(len(cards)), tell)
    await anyio.sleep(_SETTLE_S)
    return numbers, people, _held(people, run, await lab.paid(numbers))


async def playbacks(lab: Lab, many: int, tell: Tell) -> Held:
    """So many callers hear a file that the dialplan plays, without any controller."""
    people = [caller((), listens=_listens(at, many)) for at in range(many)]
    run = await _run(lab, people, _Plan(STAYS, PLAYS, many / _PLAY_RAMP_S, PLAYED_S), Random(many), tell)
    return _kept(_held(people, run, None), lab.played_trials)


async def arrivals(lab: Lab, many: int, rate_cps: float, tell: Tell) -> Held:
    """So many callers, so many new ones a second, who hang up after three seconds of greeting."""
    people = [caller((), listens=False) for _ in range(many)]
    return _held(
        people, await _run(lab, people, _Plan(LISTENS, PAYS, rate_cps, _GREETED_S), Random(many), tell), None
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    scenario: Path
    number: str
    rate_cps: float
    lasts_s: float


@dataclass(frozen=True, slots=True)
class _Run:
    sipp_code: int
    invited: dict[int, float]
    shares: dict[str, Share]
    cpu_ms: dict[str, float]
    from_s: float
    to_s: float


async def _run(lab: Lab, people: Sequence[Caller], plan: _Plan, chance: Random, tell: Tell) -> _Run:
    """Call, and watch the machine while all are up: from the last one's arrival to the first one's end."""
    ramp_s = len(people) / plan.rate_cps
    limit_s = ramp_s + plan.lasts_s + _AFTER_S
    load = Load(plan.scenario, plan.number, [one.port for one in people], plan.rate_cps, limit_s)
    sipp = Sipp(lab.line.folder / "sipp", lab.line.sip)
    ports = [one.port for one in people]
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(attend, people, chance)
            whole = Watch(processes(lab))
            await sipp.start(load)
            began_s = time.time()
            tasks.start_soon(_tell_progress, f"{len(ports)} calls", ramp_s + plan.lasts_s, tell)
            await anyio.sleep(min(ramp_s, plan.lasts_s) + 1)
            watch, from_s = Watch(processes(lab, sipp.pid)), time.time()
            await anyio.sleep_until(anyio.current_time() + max(began_s + plan.lasts_s - from_s - 1, 1))
            shares, to_s = watch.read(), time.time()
            code = await sipp.ended()
            cpu_ms = {name: spent / len(people) for name, spent in whole.spent_ms().items()}
            tasks.cancel_scope.cancel()
    finally:
        await sipp.kill()
    return _Run(code, sipp.invited(), shares, cpu_ms, from_s, to_s)


def _held(people: Sequence[Caller], run: _Run, paid: Paid | None) -> Held:
    gaps = gaps_ms(people, run.from_s, run.to_s)
    setups = [
        (one.first_sound_s - run.invited[one.port]) * 1000
        for one in people
        if one.first_sound_s is not None and one.port in run.invited
    ]
    return Held(
        calls=len(people),
        sipp_code=run.sipp_code,
        gap_p99_ms=percentile(gaps, 0.99) if gaps else 0.0,
        gap_max_ms=max(gaps, default=0.0),
        setup_p95_ms=percentile(setups, 0.95),
        unheard=sum(one.first_sound_s is None for one in people),
        paid=paid,
        shares=run.shares,
        cpu_ms=run.cpu_ms,
    )


def _kept(held: Held, trials: list[Held]) -> Held:
    if held.good:
        trials.append(held)
    return held


async def _tell_progress(about: str, lasts_s: float, tell: Tell) -> None:
    for part in range(_STEPS + 1):
        tell(about, part / _STEPS)
        await anyio.sleep(lasts_s / _STEPS)


def _payment(account: str, pace: Pace, card: str = _CARD) -> list[Typing]:
    return [
        Typing(pace.account_s, f"{account}#"),
        Typing(pace.choice_s, "1"),
        Typing(pace.card_s, f"{card}#"),
        Typing(pace.expiry_s, "1230"),
        Typing(pace.code_s, "123"),
        *([Typing(pace.on_s, "1")] if pace.on_s is not None else []),
    ]


def _listens(at: int, many: int) -> bool:
    """Whether this caller is listened to throughout; they are spread over the run."""
    return at % max(many // LISTENERS, 1) == 0
