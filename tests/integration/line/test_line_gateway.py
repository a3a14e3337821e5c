"""The gateway falls silent, breaks off or is away: nobody is charged twice, and the answer is found out."""

import anyio
import pytest

from tests.integration.line.rig import PAID_ONCE, Rig, Settled
from tests.integration.line.scripts import closed, pays, pays_until

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_CHARGED_AND_SILENT = "4000000000001109"


async def test_a_connection_that_breaks_off_after_the_order_is_settled_later(line: Rig) -> None:
    account = await line.bill()
    await line.trouble("reset_after_send")
    await line.rehearse(pays_until(account, "unconfirmed", outcome="pending"))
    await line.settled(account, PAID_ONCE, within_s=30)


async def test_a_gateway_that_never_answers_is_asked_later(line: Rig) -> None:
    account = await line.bill()
    again = await line.bill()
    async with anyio.create_task_group() as tasks:
        script = pays_until(account, "unconfirmed", card=_CHARGED_AND_SILENT, within="40s", outcome="pending")
        tasks.start_soon(line.rehearse, script)
        await line.rehearse(pays(again))
        await line.settled(again, PAID_ONCE)
    await line.settled(account, PAID_ONCE, within_s=30)


async def test_a_server_error_charges_nothing_twice(line: Rig) -> None:
    account = await line.bill()
    await line.trouble("500")
    await line.rehearse(pays_until(account, "unconfirmed", outcome="pending"))
    await line.settled(account, Settled(("unknown",), 0, 12_550))


async def test_a_gateway_that_is_away_takes_no_card_and_the_next_call_pays(line: Rig) -> None:
    account = await line.bill()
    await line.stack.sandbox.kill()
    try:
        await line.rehearse(closed(account, "closed_gateways"))
    finally:
        await line.stack.sandbox.start()
    await line.settled(account, Settled((), 0, 12_550))
    await line.rehearse(pays(account))
    await line.settled(account, PAID_ONCE)
