"""The first words on a connection, to an Asterisk that does not hear all of them."""

from typing import Any

import pytest

from core.errors import SwitchLost
from core.virtual_time import VirtualTimeLoop
from pbx.ari.greeting import greet
from tests.unit.pbx.test_ari_connection import answered, connected

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": VirtualTimeLoop}


class _HardOfHearing:
    """Answers from the nth request on, with `status`."""

    def __init__(self, from_: int, status: int = 200) -> None:
        self._from, self._status = from_, status
        self.asked: list[str] = []

    def reply(self, request: dict[str, Any]) -> list[str]:
        self.asked.append(request["uri"])
        return answered(self._status, {})(request) if len(self.asked) >= self._from else []


async def test_a_first_word_that_is_answered_is_said_once() -> None:
    asterisk = _HardOfHearing(1)
    async with connected(asterisk.reply, []) as (rest, _):
        await greet(rest)
    assert asterisk.asked == ["asterisk/ping"]


async def test_a_first_word_that_stays_unanswered_is_said_again() -> None:
    asterisk = _HardOfHearing(2)
    async with connected(asterisk.reply, []) as (rest, _):
        await greet(rest)
    assert asterisk.asked == ["asterisk/ping", "asterisk/ping"]


async def test_a_refusal_is_an_answer_too() -> None:
    asterisk = _HardOfHearing(2, status=503)
    async with connected(asterisk.reply, []) as (rest, _):
        await greet(rest)
    assert len(asterisk.asked) == 2


async def test_an_asterisk_that_never_answers_is_lost() -> None:
    asterisk = _HardOfHearing(1000)
    async with connected(asterisk.reply, []) as (rest, _):
        with pytest.raises(SwitchLost, match="did not answer 20 pings in 5 s"):
            await greet(rest)
    assert len(asterisk.asked) == 20
