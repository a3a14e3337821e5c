"""The clock of the simulations."""

import asyncio
import time

import anyio
import pytest

from core.virtual_time import DeadlockError, VirtualTimeLoop


@pytest.mark.anyio
async def test_an_hour_passes_at_once_and_to_the_millisecond() -> None:
    began, real = anyio.current_time(), time.monotonic()
    await anyio.sleep(3600)
    assert anyio.current_time() - began == pytest.approx(3600, abs=0.001)
    assert time.monotonic() - real < 60


@pytest.mark.anyio
async def test_timers_fire_in_their_order() -> None:
    fired: list[int] = []

    async def fire(after_s: int) -> None:
        await anyio.sleep(after_s)
        fired.append(after_s)

    async with anyio.create_task_group() as group:
        for after_s in (3, 1, 2):
            group.start_soon(fire, after_s)
    assert fired == [1, 2, 3]


def test_waiting_for_nobody_is_found_and_not_waited_for() -> None:
    loop = VirtualTimeLoop()
    task = loop.create_task(anyio.Event().wait())
    with pytest.raises(DeadlockError, match="everybody waits"):
        loop.run_until_complete(task)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.close()
