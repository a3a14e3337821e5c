"""The line calls somebody: a telephone of the house picks up and the flow runs, watched as it happens."""

import subprocess
import sys

import anyio
import pytest

from tests.integration.line.environment import environment
from tests.integration.line.rig import PAID_ONCE, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_whoever_is_called_pays_a_bill_and_the_command_shows_it(line: Rig) -> None:
    account = await line.bill()
    async with line.extension("202") as phone:
        command = await _called(line, "202", "--from", "1000")
        async with command:
            await line.pays(phone, "202", account)
            await line.asked(phone, "202", "hear_again", "1")
            with anyio.fail_after(15):
                said = await _all_of(command)
        assert command.returncode == 0, said
    assert "payment-card-number: ************" in said
    assert "call over" in said
    session = await line.ended("202")
    assert (session["outcome"], session["number"], session["flow"]) == ("paid", "1000", "pay_bill")
    await line.settled(account, PAID_ONCE)
    await line.until_ready()


async def test_whoever_does_not_exist_or_is_not_there_is_told_at_once(line: Rig) -> None:
    for number, why in (("999", "nobody is called '999'"), ("201", "201 was not reached")):
        async with await _called(line, number) as command:
            with anyio.fail_after(15):
                said = await _all_of(command)
        assert command.returncode == 1
        assert why in said
    await line.channels(0)
    await line.until_ready()


async def test_a_line_that_does_not_run_is_named(line: Rig) -> None:
    await line.controller.stop()
    async with await _called(line, "202") as command:
        with anyio.fail_after(15):
            said = await _all_of(command)
    assert command.returncode == 2
    assert "is `tellerline run` running?" in said


async def _called(line: Rig, *arguments: str) -> anyio.abc.Process:
    return await anyio.open_process(
        [sys.executable, "-m", "node", "call", *arguments],
        stderr=subprocess.STDOUT,
        env=environment(line.stack),
    )


async def _all_of(process: anyio.abc.Process) -> str:
    assert process.stdout is not None
    said = b"".join([part async for part in process.stdout]).decode()
    await process.wait()
    return said
