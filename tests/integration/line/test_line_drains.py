"""SIGTERM lets calls come to their end and takes no new ones; sent twice, it cuts them off."""

import os
import signal

import anyio
import pytest

from rehearsal.phone import Answered
from tests.integration.line.poll import until
from tests.integration.line.rig import PAID_ONCE, Rig
from tests.integration.line.scripts import pays

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_a_line_asked_to_stop_finishes_its_calls_and_takes_no_new_ones(line: Rig) -> None:
    number, account = line.number(), await line.bill()
    async with line.phone(number) as caller, line.phone(line.number()) as late:
        assert isinstance(await caller.dial("1000", 10), Answered)
        await line.said(number, "ask_account")
        os.kill(line.controller.pid, signal.SIGTERM)
        await until(lambda: _drains(line), 10, "the line does not say that it drains")
        assert not isinstance(await late.dial("1000", 10), Answered)
        await line.pays(caller, number, account)
        await line.asked(caller, number, "hear_again", "1")
        with anyio.fail_after(10):
            assert (await caller.closed()).by_line
            assert await line.controller.ended() == 0
    assert (await line.ended(number))["outcome"] == "paid"
    await line.settled(account, PAID_ONCE)
    assert not await line.rows("SELECT id FROM calls WHERE ended_at IS NULL")


async def test_asked_twice_it_cuts_calls_off_and_writes_them_down(line: Rig) -> None:
    await line.stack.start_line()
    number = line.number()
    async with line.phone(number) as caller:
        assert isinstance(await caller.dial("1000", 10), Answered)
        await line.said(number, "ask_account")
        os.kill(line.controller.pid, signal.SIGTERM)
        await until(lambda: _drains(line), 10, "the line does not say that it drains")
        os.kill(line.controller.pid, signal.SIGTERM)
        with anyio.fail_after(10):
            assert await line.controller.ended() == 0
        assert (await line.ended(number))["outcome"] == "interrupted"


async def test_while_no_line_runs_callers_hear_asterisks_own_excuse(line: Rig) -> None:
    await line.controller.stop()
    async with line.phone(line.number()) as caller:
        assert isinstance(await caller.dial("1000", 10), Answered)
        with anyio.fail_after(15):
            assert (await caller.closed()).by_line
    await line.stack.start_line()
    account = await line.bill()
    await line.rehearse(pays(account))
    await line.settled(account, PAID_ONCE)


async def _drains(line: Rig) -> bool:
    _status, body = await line.readiness()
    return bool(body) and not body["parts"]["line"]["up"]
