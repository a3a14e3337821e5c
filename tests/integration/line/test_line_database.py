"""PostgreSQL is killed in mid-call and stays away: nothing hangs, nobody waits, and all is written later."""

from functools import partial

import anyio
import pytest

from rehearsal.phone import Answered
from tests.integration.line.poll import until
from tests.integration.line.rig import PAID_ONCE, QUICKLY, Rig, Settled, patiently
from tests.integration.line.scripts import pays

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_AWAY_S = 30.0
_SLOW_S = 3.0


async def test_a_database_that_is_away_for_half_a_minute_loses_nothing(line: Rig) -> None:
    process = line.controller.pid
    early, charged, late = line.number(), line.number(), line.number()
    account = await line.bill()
    async with line.phone(early) as first, line.phone(charged) as second, line.phone(late) as third:
        assert isinstance(await first.dial("1000", 10), Answered)
        await line.said(early, "ask_account")
        await line.trouble("slow", seconds=_SLOW_S)
        assert isinstance(await second.dial("1000", 10), Answered)
        await line.pays(second, charged, account, until="one_moment")
        await line.settled(account, Settled(("pending",), 0, 12_550))
        await line.stack.postgres.kill()
        killed_at = anyio.current_time()
        try:
            await first.press("4001#", QUICKLY)
            assert isinstance(await third.dial("1000", 10), Answered)
            for phone in (first, second, third):
                with anyio.fail_after(20):
                    assert (await phone.closed()).by_line
            await until(lambda: _says(line, 503), 10, "the line does not say that it is not ready")
            await anyio.sleep_until(killed_at + _AWAY_S)
        finally:
            await line.stack.postgres.start()
    await until(lambda: _says(line, 200), 20, "the line does not say that it is ready again")
    sessions = [await patiently(partial(line.ended, who)) for who in (early, charged, late)]
    assert [session["outcome"] for session in sessions] == ["failed", "pending", "failed"]
    await line.settled(account, PAID_ONCE)
    for caller in (early, charged, late):
        await line.said(caller, "unconfirmed" if caller == charged else "sorry")
        await _in_order(line, caller)
    assert line.controller.pid == process
    account = await line.bill()
    await line.rehearse(pays(account))
    await line.settled(account, PAID_ONCE)


async def _in_order(line: Rig, caller: str) -> None:
    async def whole() -> bool:
        return any(fact["kind"] == "call_ended" for fact in await line.facts(caller))

    await until(whole, 10, f"the facts of {caller} are not whole")
    kinds = [fact["kind"] for fact in await line.facts(caller)]
    assert kinds[0] == "call_started"
    assert kinds.count("call_started") == kinds.count("call_ended") == 1


async def _says(line: Rig, status: int) -> bool:
    return (await line.readiness())[0] == status
