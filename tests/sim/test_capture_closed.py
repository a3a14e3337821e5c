"""Where a part that a capture leans on is down, none begins, and the caller hears why in plain words."""

import anyio
import pytest

from core.errors import CannotKeepSecret, OutOfReach, StoreLost
from core.events import CardProgress, Said
from core.ids import CallId
from ivr.capture.guard import Check, Guard, Need
from ivr.result import CallResult
from pbx.fake.phone import Phone
from tests.sim.callers import VISA, key_account
from tests.sim.house import open_house

pytestmark = pytest.mark.anyio


async def _works(_call: CallId) -> None: ...


async def _lost(_call: CallId) -> None:
    raise StoreLost("the database does not answer")


async def _locked_away(_call: CallId) -> None:
    raise CannotKeepSecret("the key store is sealed")


async def _unreachable(_call: CallId) -> None:
    raise OutOfReach("no gateway can be reached")


async def _silent(_call: CallId) -> None:
    await anyio.sleep_forever()


async def _broken(_call: CallId) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("need", "check", "words"),
    [
        (Need.AUDIT, _lost, "record that we must keep"),
        (Need.KEYS, _locked_away, "keys that protect your data"),
        (Need.MASKING, _locked_away, "could not keep it from being seen or heard"),
        (Need.GATEWAYS, _unreachable, "no bank can be reached"),
        (Need.AUDIT, _silent, "record that we must keep"),
        (Need.KEYS, _broken, "keys that protect your data"),
    ],
)
async def test_no_card_is_taken_where_a_part_is_down(need: Need, check: Check, words: str) -> None:
    async def script(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("1")
        await phone.hears(words)
        await phone.press(f"{VISA}#")

    checks = dict.fromkeys(Need, _works) | {need: check}
    async with open_house(checks=checks) as house:
        phone = await house.call(script)
        prompts = [fact.prompt for fact in house.told(Said)]
        assert prompts[-1] == "goodbye"
        assert "card_intro" not in prompts
        assert not house.told(CardProgress)
        assert phone.call.deaf == 0
        assert (await house.session()).outcome == CallResult.PAYMENT_UNAVAILABLE.value
        assert not house.payments.all


async def test_a_card_is_taken_where_all_parts_work() -> None:
    assert await Guard(dict.fromkeys(Need, _works)).look(CallId("call_1")) is None


async def test_of_several_parts_that_are_down_the_first_is_told() -> None:
    closed = await Guard({Need.GATEWAYS: _unreachable, Need.AUDIT: _lost}).look(CallId("call_1"))
    assert closed is not None
    assert (closed.part, closed.why) == (Need.AUDIT, "the database does not answer")
