"""Places for work: few at once, the most urgent first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel
import pytest
from anyio.abc import TaskGroup

from core.errors import OutOfReach
from core.pool import Pool, Urgency

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def _full(pool: Pool) -> AsyncIterator[TaskGroup]:
    async with anyio.create_task_group() as tasks:
        async with pool.place(Urgency.ANSWER):
            yield tasks
        await anyio.wait_all_tasks_blocked()


async def test_the_most_urgent_comes_first_and_among_equals_who_waited_longest() -> None:
    pool, came = Pool(1), list[str]()

    async def work(name: str, urgency: Urgency) -> None:
        async with pool.place(urgency):
            came.append(name)

    async with _full(pool) as tasks:
        for name, urgency in (
            ("warm", Urgency.WARM),
            ("second", Urgency.SECOND),
            ("one", Urgency.ANSWER),
            ("two", Urgency.ANSWER),
        ):
            tasks.start_soon(work, name, urgency)
            await anyio.wait_all_tasks_blocked()
    assert came == ["one", "two", "second", "warm"]


async def test_no_more_work_goes_on_than_there_are_places() -> None:
    pool, at_once, most = Pool(2), 0, 0

    async def work() -> None:
        nonlocal at_once, most
        async with pool.place(Urgency.ANSWER):
            at_once += 1
            most = max(most, at_once)
            await anyio.lowlevel.checkpoint()
            at_once -= 1

    async with anyio.create_task_group() as tasks:
        for _ in range(10):
            tasks.start_soon(work)
    assert most == 2
    assert pool.free


async def test_a_queue_that_is_full_refuses() -> None:
    pool = Pool(1, waiting=1)

    async def wait() -> None:
        async with pool.place(Urgency.ANSWER):
            pass

    async with _full(pool) as tasks:
        tasks.start_soon(wait)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(OutOfReach, match="wait for a processor already"):
            await wait()


async def test_who_gives_up_waiting_loses_no_place_for_the_others() -> None:
    pool = Pool(1)
    async with _full(pool):
        with anyio.move_on_after(0):
            async with pool.place(Urgency.ANSWER):
                pytest.fail("there was no place")
    assert pool.free


async def test_who_gives_up_in_the_moment_of_getting_a_place_hands_it_on() -> None:
    pool, came = Pool(1), anyio.Event()

    async def give_up(scope: anyio.CancelScope) -> None:
        with scope:
            async with pool.place(Urgency.ANSWER):
                await anyio.sleep_forever()

    async def work() -> None:
        async with pool.place(Urgency.WARM):
            came.set()

    scope = anyio.CancelScope()
    async with anyio.create_task_group() as tasks:
        async with pool.place(Urgency.ANSWER):
            tasks.start_soon(give_up, scope)
            await anyio.wait_all_tasks_blocked()
            tasks.start_soon(work)
            await anyio.wait_all_tasks_blocked()
        scope.cancel()
    assert came.is_set()
    assert pool.free
