"""Asterisk and the controller are killed in mid-call and started again: no call hangs, no money is lost."""

from collections.abc import AsyncIterator

import anyio
import pytest

from node.stack.stack import Wish
from rehearsal.phone import Answered
from tests.integration.line.rig import PAID_ONCE, Rig, Settled, rig
from tests.integration.line.scripts import pays, pays_until

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_PATIENCE = {"TELLERLINE_PAYMENTS_RECONCILE_EVERY_S": "1", "TELLERLINE_PAYMENTS_RECONCILE_AFTER_S": "15"}


@pytest.fixture(scope="module", params=[False, True], ids=["us_to_asterisk", "asterisk_to_us"])
async def line(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Rig]:
    """A line whose payments are asked after early, connected either way."""
    wish = Wish(from_asterisk=request.param, environment=_PATIENCE)
    async with rig(tmp_path_factory.mktemp("line"), wish) as one:
        yield one


async def test_an_asterisk_killed_in_mid_call_ends_it_and_the_next_call_pays(line: Rig) -> None:
    number, process = line.number(), line.controller.pid
    async with line.phone(number) as caller:
        assert isinstance(await caller.dial("1000", 10), Answered)
        await line.said(number, "ask_account")
        await line.stack.asterisk.kill()
        await line.stack.asterisk.start()
        session = await line.ended(number)
    assert (session["outcome"], session["cause"]) == ("hung_up", "network_lost")
    await line.until_ready()
    account = await line.bill()
    await line.rehearse(pays(account))
    await line.settled(account, PAID_ONCE)
    assert line.controller.pid == process


async def test_a_controller_killed_in_mid_call_takes_it_over_again(line: Rig) -> None:
    number, account = line.number(), await line.bill()
    async with line.phone(number) as caller:
        assert isinstance(await caller.dial("1000", 10), Answered)
        await line.asked(caller, number, "ask_account", f"{account}#")
        await line.asked(caller, number, "ask_how_much", "1")
        await line.asked(caller, number, "card_number", "424242")
        cut_off = await line.session(number)
        await line.controller.kill()
        await line.stack.start_line()
        await line.said(number, "interrupted")
        await line.pays(caller, number, account)
        await line.asked(caller, number, "hear_again", "1")
        with anyio.fail_after(10):
            assert (await caller.closed()).by_line
    assert (await line.ended(number))["outcome"] == "paid"
    assert cut_off is not None
    [left] = await line.rows("SELECT outcome, ended_at FROM calls WHERE id = :call", call=cut_off["id"])
    assert left["outcome"] == "lost"
    await line.settled(account, PAID_ONCE)
    await line.until_ready()


async def test_a_controller_killed_in_mid_charge_leaves_one_charge_that_is_found(line: Rig) -> None:
    number, account = line.number(), await line.bill()
    await line.trouble("hang")
    async with line.phone(number) as caller:
        assert isinstance(await caller.dial("1000", 10), Answered)
        await line.pays(caller, number, account, until="one_moment")
        await line.settled(account, Settled(("pending",), 1, 12_550))
        await line.rehearse(pays_until(account, "in_progress", outcome="pending"))
        await line.controller.kill()
        await caller.hang_up()
    await line.stack.start_line()
    await line.settled(account, PAID_ONCE, within_s=30)
    await line.until_ready()
    assert not await line.rows("SELECT id FROM calls WHERE ended_at IS NULL")
