"""A part that a capture leans on is down, on a whole line: no card is taken, and the caller hears which."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio
import psycopg
import pytest

from rehearsal.phone import Answered
from rehearsal.script import Dtmf
from tests.integration.line.rig import PAID_ONCE, QUICKLY, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@asynccontextmanager
async def audit_locked(line: Rig) -> AsyncIterator[None]:
    """Nobody can write to the audit log."""
    async with await psycopg.AsyncConnection.connect(line.stack.postgres.url("tellerline")) as connection:
        await connection.execute("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE")
        yield
        await connection.rollback()


@asynccontextmanager
async def keys_away(line: Rig) -> AsyncIterator[None]:
    """The file of master keys is not to be had."""
    file = line.stack.folder / "data" / "master.key"
    away = file.rename(file.with_suffix(".away"))
    try:
        yield
    finally:
        away.rename(file)


@asynccontextmanager
async def keys_written_down(line: Rig) -> AsyncIterator[None]:
    """Somebody has Asterisk write what may hold keys."""
    await line.stack.asterisk.console("logger add channel seen verbose")
    try:
        yield
    finally:
        await line.stack.asterisk.console("logger remove channel seen")


@asynccontextmanager
async def gateway_away(line: Rig) -> AsyncIterator[None]:
    """No bank can be reached."""
    await line.stack.sandbox.kill()
    try:
        yield
    finally:
        await line.stack.sandbox.start()


DOWN: dict[str, Callable[[Rig], AbstractAsyncContextManager[None]]] = {
    "closed_audit": audit_locked,
    "closed_keys": keys_away,
    "closed_masking": keys_written_down,
    "closed_gateways": gateway_away,
}


@pytest.mark.parametrize("prompt", DOWN)
async def test_no_card_is_taken_where_a_part_is_down_and_the_caller_hears_which(
    line: Rig, prompt: str
) -> None:
    caller, account = line.number(), await line.bill()
    async with line.phone(caller, Dtmf.INFO) as phone:
        assert isinstance(await phone.dial("1000", 10), Answered)
        await line.asked(phone, caller, "ask_account", f"{account}#")
        await line.said(caller, "ask_how_much")
        async with DOWN[prompt](line):
            await phone.press("1", QUICKLY)
            with anyio.fail_after(30):
                assert (await phone.closed()).by_line
    assert (await line.ended(caller))["outcome"] == "payment_unavailable"
    told = await line.prompts(caller)
    assert told[-2:] == [prompt, "goodbye"]
    assert not {"card_intro", "card_number"} & set(told)
    assert "card_progress" not in [fact["kind"] for fact in await line.facts(caller)]
    another = line.number()  # it works again, so a card is taken again
    async with line.phone(another, Dtmf.INFO) as phone:
        assert isinstance(await phone.dial("1000", 10), Answered)
        await line.pays(phone, another, account)
    await line.settled(account, PAID_ONCE)
