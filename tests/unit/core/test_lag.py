"""How late the event loop is, as it is measured."""

import time

import anyio
import anyio.lowlevel
import pytest

from core.lag import Lag

pytestmark = pytest.mark.anyio

_TURN_S = 0.05


async def _hold_up(turns: int) -> None:
    for _ in range(turns):
        time.sleep(_TURN_S)  # noqa: ASYNC251 - this is what is measured
        await anyio.lowlevel.checkpoint()


async def test_a_loop_whose_turns_are_long_is_late() -> None:
    lag = Lag()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lag.run)
        tasks.start_soon(_hold_up, 40)
        with anyio.fail_after(60):
            while lag.typical_s < _TURN_S / 10:
                await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()


async def test_one_long_turn_is_forgiven() -> None:
    lag = Lag()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lag.run)
        await anyio.sleep(0.35)
        time.sleep(0.5)  # noqa: ASYNC251
        await anyio.sleep(0.15)
        assert lag.typical_s < 0.25
        tasks.cancel_scope.cancel()
