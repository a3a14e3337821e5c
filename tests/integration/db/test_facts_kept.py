"""Facts: told without waiting, kept once and in order, followed from anywhere."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import anyio
import pytest
from sqlalchemy import exc, select, text

from core.clock import FixedClock
from core.errors import StoreLost
from core.events import (
    Answered,
    CallEnded,
    CallHandedOver,
    CallStarted,
    CaptureEnded,
    CardProgress,
    CardRefused,
    Fact,
    LinkMoved,
    PaymentMoved,
    Pressed,
    Recorded,
    Said,
    SaidAll,
)
from core.ids import CallId, PaymentId
from db.engine import Work
from db.fact_rows import insert_rows, to_row
from db.facts import KeptFacts, Pace
from db.tables import facts
from db.timeline import Timeline
from node.parts.postgres import Postgres

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

CALL = CallId("call_1")
EVERY_KIND: list[Fact] = [
    CallStarted(CALL, "+12025550100", "+12025550143", "pay_bill"),
    Said(CALL, "balance", "You owe $125.50."),
    SaidAll(CALL, "balance", interrupted=True),
    Pressed(CALL, "account", 6),
    Answered(CALL, "account", "xxxx56"),
    CardProgress(CALL, "payment-card-number", "xxxx", complete=False),
    CardRefused(CALL, "payment-card-number", "invalid-card-number", 1),
    CaptureEnded(CALL, "success"),
    PaymentMoved(None, PaymentId("pay_1"), "captured", 12550, "USD", "sandbox", ""),
    LinkMoved(CALL, "link_1", "opened", 12550, "USD", ""),
    CallHandedOver(CALL, "201", "answered"),
    CallEnded(CALL, "paid", "normal_clearing", 61.5),
]


def _pressed(number: int) -> Pressed:
    return Pressed(CALL, "account", number)


def _keys(recorded: list[Recorded]) -> list[int]:
    return [one.fact.keys for one in recorded if isinstance(one.fact, Pressed)]


@pytest.fixture
def timeline(work: Work, url: str) -> Timeline:
    return Timeline(work, url)


async def test_every_kind_of_fact_comes_back_as_it_was_told(
    work: Work, timeline: Timeline, clock: FixedClock
) -> None:
    async with work.begin() as tx:
        await insert_rows(
            tx, [to_row(fact, clock.now(), "test", told) for told, fact in enumerate(EVERY_KIND)]
        )
    assert await timeline.read() == [
        Recorded(seq, clock.now(), fact) for seq, fact in enumerate(EVERY_KIND, start=1)
    ]


async def test_what_is_told_is_kept_in_order(work: Work, timeline: Timeline, clock: FixedClock) -> None:
    kept = KeptFacts(work, clock, Pace(batch=7))
    for number in range(100):
        kept.tell(_pressed(number))
    assert await kept.flush()
    assert _keys(await timeline.read()) == list(range(100))


async def test_text_that_no_database_holds_does_not_stop_the_others(
    work: Work, timeline: Timeline, clock: FixedClock
) -> None:
    kept = KeptFacts(work, clock)
    kept.tell(Answered(CALL, "name", "A\0da \ud800"))
    kept.tell(_pressed(1))
    assert await kept.flush()
    assert [one.fact for one in await timeline.read()] == [Answered(CALL, "name", "Ada ?"), _pressed(1)]


async def test_a_payment_is_told_by_its_store_and_not_twice(
    work: Work, timeline: Timeline, clock: FixedClock
) -> None:
    kept = KeptFacts(work, clock)
    kept.tell(PaymentMoved(CALL, PaymentId("pay_1"), "captured", 12550, "USD", "sandbox", ""))
    assert await kept.flush()
    assert await timeline.read() == []


async def test_a_fact_that_is_written_twice_is_kept_once(
    work: Work, clock: FixedClock, timeline: Timeline
) -> None:
    row = to_row(_pressed(1), clock.now(), "test", 1)
    for _ in range(2):
        async with work.begin() as tx:
            await insert_rows(tx, [row, to_row(_pressed(2), clock.now(), "test", 2)])
    assert [one.seq for one in await timeline.read()] == [1, 2]


async def test_a_rolled_back_fact_leaves_no_gap(work: Work, clock: FixedClock, timeline: Timeline) -> None:
    async with work.begin() as tx:
        await insert_rows(tx, [to_row(_pressed(1), clock.now(), "test", 1)])
        await tx.rollback()
    async with work.begin() as tx:
        await insert_rows(tx, [to_row(_pressed(2), clock.now(), "test", 2)])
    assert [one.seq for one in await timeline.read()] == [1]


async def test_the_timeline_of_one_call_is_read_alone(
    work: Work, clock: FixedClock, timeline: Timeline
) -> None:
    others = [Pressed(CallId("call_2"), "account", 9), _pressed(1)]
    async with work.begin() as tx:
        await insert_rows(tx, [to_row(fact, clock.now(), "test", n) for n, fact in enumerate(others)])
    assert _keys(await timeline.read(call=CALL)) == [1]
    assert [one.seq for one in await timeline.read(after=1)] == [2]


async def test_a_fact_is_never_changed(work: Work, clock: FixedClock) -> None:
    async with work.begin() as tx:
        await insert_rows(tx, [to_row(_pressed(1), clock.now(), "test", 1)])
    with pytest.raises(exc.DBAPIError, match="append-only"):
        async with work.begin() as tx:
            await tx.execute(text("UPDATE facts SET kind = 'said'"))


async def test_who_follows_resumes_from_a_number_and_then_hears_the_new(
    work: Work, timeline: Timeline, clock: FixedClock
) -> None:
    kept = KeptFacts(work, clock)
    for number in range(5):
        kept.tell(_pressed(number))
    await kept.flush()

    async with aclosing(timeline.follow(after=2)) as following:
        old = [await anext(following) for _ in range(3)]
        async with anyio.create_task_group() as group:
            group.start_soon(kept.run)
            kept.tell(_pressed(5))
            new = await anext(following)
            group.cancel_scope.cancel()

    assert [one.seq for one in [*old, new]] == [3, 4, 5, 6]


async def test_who_follows_many_writers_misses_nothing_and_hears_nothing_twice(
    work: Work, timeline: Timeline, clock: FixedClock
) -> None:
    async def write(writer: int) -> None:
        for number in range(25):
            async with work.begin() as tx:
                await insert_rows(tx, [to_row(_pressed(number), clock.now(), f"w{writer}", number)])

    heard: list[int] = []
    async with anyio.create_task_group() as group:
        for writer in range(8):
            group.start_soon(write, writer)
        with anyio.fail_after(30):
            async with aclosing(timeline.follow(after=0)) as following:
                while len(heard) < 200:
                    heard.append((await anext(following)).seq)
    assert heard == list(range(1, 201))


async def test_facts_outlast_a_database_that_goes_away(
    mortal: Postgres, mortal_work: Work, clock: FixedClock
) -> None:
    kept = KeptFacts(mortal_work, clock, Pace(again_s=0.05, again_at_most_s=0.2))
    timeline = Timeline(mortal_work, mortal.url("tellerline"), again_s=0.05)
    heard: list[Recorded] = []

    async with anyio.create_task_group() as group:
        group.start_soon(kept.run)
        async with aclosing(timeline.follow(after=0)) as following:
            await _tell_and_hear(kept, following, range(10), heard)
            await mortal.kill()
            for number in range(10, 30):
                kept.tell(_pressed(number))
            await _until_lost(mortal_work)
            await mortal.start()
            await _tell_and_hear(kept, following, range(30, 40), heard, already=20)
        group.cancel_scope.cancel()

    assert _keys(heard) == list(range(40))
    assert [one.seq for one in heard] == list(range(1, 41))


async def test_a_full_queue_drops_the_oldest(work: Work, timeline: Timeline, clock: FixedClock) -> None:
    kept = KeptFacts(work, clock, Pace(waiting=3))
    for number in range(5):
        kept.tell(_pressed(number))
    await kept.flush()
    assert _keys(await timeline.read()) == [2, 3, 4]


async def _tell_and_hear(
    kept: KeptFacts,
    following: AsyncIterator[Recorded],
    numbers: range,
    heard: list[Recorded],
    already: int = 0,
) -> None:
    for number in numbers:
        kept.tell(_pressed(number))
    with anyio.fail_after(30):
        heard.extend([await anext(following) for _ in range(already + len(numbers))])


async def _until_lost(work: Work) -> None:
    with pytest.raises(StoreLost, match="does not answer"):
        async with work.begin() as tx:
            await tx.execute(select(facts.c.seq))
