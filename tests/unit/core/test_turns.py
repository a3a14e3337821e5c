"""A turn at the work is one for all who wait, and goes on whoever gives up."""

import anyio
import anyio.lowlevel
import pytest

from core.turns import Turns

pytestmark = pytest.mark.anyio


async def test_who_gives_up_does_not_undo_the_turn_of_those_who_wait() -> None:
    done, waited = list[str](), list[bool]()

    async def work() -> None:
        await anyio.sleep(0.1)
        done.append("done")

    turns = Turns(work)

    async def in_a_hurry() -> None:
        with anyio.move_on_after(0.02):
            await turns.take()

    async def patient() -> None:
        await turns.take()
        waited.append(bool(done))

    async with anyio.create_task_group() as group:
        group.start_soon(in_a_hurry)
        await anyio.sleep(0.01)
        for _ in range(20):
            group.start_soon(patient)
    assert done == ["done"]
    assert waited == [True] * 20


async def test_the_next_one_begins_another() -> None:
    begun = list[int]()

    async def work() -> None:
        begun.append(len(begun))
        await anyio.lowlevel.checkpoint()

    turns = Turns(work)
    await turns.take()
    await turns.take()
    assert begun == [0, 1]
