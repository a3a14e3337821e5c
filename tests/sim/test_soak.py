"""Hours of calls leave nothing behind: no object, no memory.

`TELLERLINE_SOAK_MINUTES=120` makes it two hours' worth; fewer do for every day. With `TELLERLINE_SOAK_RSS`
the resident memory before and after is written to that file, as JSON.
"""

import gc
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import anyio
import pytest
import structlog

from core.money import Money
from pbx.fake.phone import Phone
from pbx.fake.switch import Answers
from tests.sim.house import AGENTS, SimHouse, bill, open_house
from tests.sim.random_callers import RandomCaller

pytestmark = pytest.mark.anyio

MINUTES = int(os.environ.get("TELLERLINE_SOAK_MINUTES", "6"))
CALLS_A_SECOND = 1.5
_ACCOUNTS = [f"{70_000_000 + place}" for place in range(2000)]
_A_CALL = 0.25  # a call that left even one object behind would be above
_ONCE = 1500  # what caches fill up with, however many calls there are


@pytest.fixture
def _quiet() -> Iterator[None]:
    """No log, as pytest would keep it in memory."""
    old = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**old)


@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("_quiet")
async def test_calls_leave_no_objects_and_no_memory_behind() -> None:
    chance = Random(7)
    bills = [bill(number, Money(12_550, "USD")) for number in _ACCOUNTS]
    async with open_house(bills=bills, calls=1000, kept=200) as house:
        house.switch.answers[AGENTS] = Answers(_agent)
        await _minutes(2, house, chance)
        before, before_kb = _left_behind(house), _resident_kb()
        calls = await _minutes(MINUTES, house, chance)
        after, after_kb = _left_behind(house), _resident_kb()
    _tell(calls=calls, before_kb=before_kb, after_kb=after_kb)
    assert calls > MINUTES * 60 * CALLS_A_SECOND * 0.8
    assert after[0] - before[0] < _ONCE + _A_CALL * calls, "objects grow"
    assert after[1] - before[1] < _ONCE + _A_CALL * calls, "memory grows"


async def _agent(phone: Phone) -> None:
    await anyio.sleep(60)
    phone.hang_up()


async def _minutes(minutes: int, house: SimHouse, chance: Random) -> int:
    """That long of calls, minute by minute; how many there were."""
    calls = 0
    for _ in range(minutes):
        until = anyio.current_time() + 60
        while anyio.current_time() < until:
            house.switch.place(RandomCaller(Random(chance.random()), _ACCOUNTS))
            calls += 1
            await anyio.sleep(chance.expovariate(CALLS_A_SECOND))
        _close_the_books(house)
    await anyio.sleep(3 * 3600)
    await house.runner.drained()
    return calls


def _close_the_books(house: SimHouse) -> None:
    """What stores in memory keep on purpose is no leak; payments that are open stay open."""
    house.payments.forget_settled()
    house.gateway.books.cards.clear()
    house.switch.dialed.clear()


def _left_behind(house: SimHouse) -> tuple[int, int]:
    """Objects that the collector knows, and blocks of memory, with all calls over."""
    assert house.runner.calls == 0
    assert not house.switch.up
    _close_the_books(house)
    house.gateway.books.entries.clear()
    house.gateway.books.answers.clear()
    gc.collect()
    return len(gc.get_objects()), sys.getallocatedblocks()


def _resident_kb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


def _tell(**figures: float) -> None:
    if file := os.environ.get("TELLERLINE_SOAK_RSS"):
        Path(file).write_text(json.dumps(figures))
