"""A process whose memory others may read takes no card, unless its operator said that they may."""

from random import Random

import anyio
import pytest

from core.clock import SystemClock
from core.ids import CallId
from db.engine import Work
from ivr.capture.guard import Closed, Need
from node.guarding import guard
from node.undumped import is_closed
from payments.gateways.sandbox.gateway import SandboxGateway
from pbx.fake.switch import FakeSwitch

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def looked(work: Work, *, readable: bool) -> Closed | None:
    """What the guard of this process says, which closed its memory to nobody, and whose gateway is away."""
    assert not is_closed()
    switch, gateway = FakeSwitch(), SandboxGateway(Random(1))
    gateway.cards_go_to = "https://127.0.0.1:1"
    async with anyio.create_task_group() as tasks:
        await tasks.start(switch.run)
        guarded = guard(work, SystemClock(), switch, None, [gateway], readable=readable)
        closed = await guarded.look(CallId("call_1"))
        tasks.cancel_scope.cancel()
    return closed


async def test_open_memory_is_a_masking_that_does_not_work(work: Work) -> None:
    closed = await looked(work, readable=False)
    assert closed is not None
    assert closed.part is Need.MASKING
    assert "may read this process's memory" in closed.why


async def test_memory_that_was_left_open_on_purpose_is_let_pass(work: Work) -> None:
    closed = await looked(work, readable=True)
    assert closed is not None
    assert (closed.part, closed.why) == (
        Need.GATEWAYS,
        "no gateway can be reached: https://127.0.0.1:1",
    )
