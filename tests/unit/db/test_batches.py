"""Many changes in one transaction: each is answered once, whoever is cancelled."""

from collections.abc import Sequence

import anyio
import anyio.lowlevel
import pytest

from core.errors import BadInput, StoreLost, TellerlineError
from db.batches import Batches

pytestmark = pytest.mark.anyio


class Served:
    """What was served, batch by batch; the next batches wait until `go` is set."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = anyio.Event()
        self.began = anyio.Event()

    async def serve(self, items: Sequence[int]) -> Sequence[int | TellerlineError]:
        self.batches.append(list(items))
        self.began.set()
        await self.go.wait()
        return [BadInput("odd") if item % 2 else 10 * item for item in items]


@pytest.fixture
def served() -> Served:
    return Served()


async def test_who_comes_while_one_is_under_way_goes_with_the_next(served: Served) -> None:
    batches, answers = Batches[int, int](served.serve, at_most=3), list[int]()

    async def ask(item: int) -> None:
        answers.append(await batches.ask(item))

    async with anyio.create_task_group() as group:
        group.start_soon(ask, 0)
        await served.began.wait()
        for item in (2, 4, 6, 8):
            group.start_soon(ask, item)
        await anyio.wait_all_tasks_blocked()
        served.go.set()
    assert served.batches == [[0], [2, 4, 6], [8]]
    assert sorted(answers) == [0, 20, 40, 60, 80]


async def test_who_comes_in_the_same_moment_goes_along(served: Served) -> None:
    batches = Batches[int, int](served.serve)
    served.go.set()
    async with anyio.create_task_group() as group:
        for item in (0, 2, 4):
            group.start_soon(batches.ask, item)
    assert served.batches == [[0, 2, 4]]


async def test_an_error_is_raised_for_its_own_item_only(served: Served) -> None:
    batches = Batches[int, int](served.serve)
    served.go.set()
    with pytest.raises(BadInput, match="odd"):
        await batches.ask(1)
    assert await batches.ask(2) == 20


async def test_a_store_that_is_away_is_told_to_all(served: Served) -> None:
    async def away(_: Sequence[int]) -> Sequence[int | TellerlineError]:
        raise StoreLost("away")

    batches, lost = Batches[int, int](away), 0
    async with anyio.create_task_group() as group:

        async def ask(item: int) -> None:
            nonlocal lost
            with pytest.raises(StoreLost):
                await batches.ask(item)
            lost += 1

        for item in range(5):
            group.start_soon(ask, item)
    assert lost == 5


async def test_when_the_leader_is_cancelled_the_next_leads_and_nobody_is_forgotten(served: Served) -> None:
    batches, answers = Batches[int, int](served.serve), list[int]()

    async def ask(item: int) -> None:
        answers.append(await batches.ask(item))

    async with anyio.create_task_group() as group:
        async with anyio.create_task_group() as first:
            first.start_soon(ask, 0)
            await served.began.wait()
            group.start_soon(ask, 2)
            group.start_soon(ask, 4)
            await anyio.wait_all_tasks_blocked()
            first.cancel_scope.cancel()
        served.go.set()
    assert sorted(answers) == [20, 40]


async def test_a_leader_who_is_cancelled_hands_its_batch_on(served: Served) -> None:
    batches, answers = Batches[int, int](served.serve), list[int]()

    async def ask(item: int) -> None:
        answers.append(await batches.ask(item))

    async with anyio.create_task_group() as group:
        async with anyio.create_task_group() as early:
            early.start_soon(ask, 0)
            await served.began.wait()
            async with anyio.create_task_group() as leader:
                leader.start_soon(ask, 2)  # leads the next batch, with 4 in it
                await anyio.wait_all_tasks_blocked()
                group.start_soon(ask, 4)
                await anyio.wait_all_tasks_blocked()
                early.cancel_scope.cancel()
                while len(served.batches) < 2:
                    await anyio.lowlevel.checkpoint()
                leader.cancel_scope.cancel()
        served.go.set()
    assert answers == [40]
