"""The connection to Asterisk is cut in mid-call: calls go on, and none is answered twice."""

from collections.abc import AsyncIterator

import anyio
import pytest

from node.stack.ports import HOST, free_ports
from node.stack.stack import Wish
from rehearsal.phone import Answered
from tests.integration.line.poll import until
from tests.integration.line.proxy import Proxy, proxy
from tests.integration.line.rig import PAID_ONCE, Rig, rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_calls_go_on_when_the_connection_to_asterisk_is_cut(cut_line: tuple[Rig, Proxy]) -> None:
    line, cable = cut_line
    number, account = line.number(), await line.bill()
    async with line.phone(number) as caller:
        assert isinstance(await caller.dial("1000", 10), Answered)
        await line.said(number, "ask_account")
        await _cut(line, cable)
        await line.asked(caller, number, "ask_account", f"{account}#")
        await line.said(number, "ask_how_much")
        await _cut(line, cable)
        await line.asked(caller, number, "ask_how_much", "1")
        await line.said(number, "card_number")
        await _cut(line, cable)
        await line.pays_by_card(caller, number)
        await line.asked(caller, number, "hear_again", "1")
        with anyio.fail_after(10):
            assert (await caller.closed()).by_line
    assert (await line.ended(number))["outcome"] == "paid"
    assert (
        len(
            await line.rows(
                "SELECT id FROM calls WHERE caller_index = :index", index=await line.index(number)
            )
        )
        == 1
    )
    await line.settled(account, PAID_ONCE)
    await line.until_ready()


async def _cut(line: Rig, cable: Proxy) -> None:
    def connected() -> int:
        return sum(entry["event"] == "connected to asterisk" for entry in line.log())

    before = connected()
    assert await cable.cut() > 0

    async def again() -> bool:
        return connected() > before

    await until(again, 15, "the line does not connect again")


@pytest.fixture(scope="module")
async def cut_line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Rig, Proxy]]:
    """A line whose connection to Asterisk goes through a proxy."""
    ports = free_ports()
    async with proxy(ports.ari) as cable:
        wish = Wish(environment={"TELLERLINE_SWITCH_URL": f"http://{HOST}:{cable.port}"})
        async with rig(tmp_path_factory.mktemp("line"), wish, ports=ports) as line:
            yield line, cable
