"""The postman: attempts with growing waits, secrets forgotten, and what is of no use any more."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from core.clock import FixedClock
from core.errors import OutOfReach
from core.letter import Letter
from core.money import Money
from messages.memory import MemoryPost, MemorySender
from messages.message import MessageState, Text
from messages.post import Posted
from messages.postman import Postman
from messages.sender import Senders, TurnedDown
from messages.templates import Templates

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CODE = Letter("code", "+15550100", {"code": "123456"}, "code:1")
LINK = Letter(
    "link", "+15550100", {"amount": Money(1, "USD"), "until": NOON, "url": "https://e.example"}, "link:1"
)


class Rig:
    def __init__(self, *, keeps: bool = False) -> None:
        self.clock = FixedClock(NOON)
        self.post, self.sender = MemoryPost(self.clock), MemorySender(keeps=keeps)
        words = Templates({"company": "Example Power"})
        senders = Senders(self.sender, self.sender)
        self.postman = Postman(self.post, words, senders, self.clock, Random(1))

    async def deliver(self, letter: Letter, times: int = 1) -> Posted:
        await self.post.put(letter)
        for _ in range(times):
            await self.postman.deliver(self.post.jobs[-1])
        found = await self.post.find(self.post.jobs[0].partition("/")[0])
        assert found is not None
        return found


async def test_a_letter_is_put_into_words_and_sent_once() -> None:
    rig = Rig()
    posted = await rig.deliver(CODE, times=3)
    assert posted.state is MessageState.SENT
    words = "Example Power: your payment code is 123456. Tell it to nobody."
    assert rig.sender.sent == {"code:1": Text("+15550100", words)}


@pytest.mark.parametrize(("keeps", "forgotten"), [(False, True), (True, False)])
async def test_what_opens_something_is_forgotten_once_it_is_out(keeps: bool, forgotten: bool) -> None:
    posted = await Rig(keeps=keeps).deliver(LINK)
    assert (posted.values == {}) is forgotten


async def test_a_sender_that_is_away_is_tried_again_until_it_is_hopeless() -> None:
    rig = Rig()
    rig.sender.answers.extend([OutOfReach("away")] * 9)
    posted = await rig.deliver(LINK, times=9)
    assert (posted.state, posted.attempts, posted.reason) == (MessageState.FAILED, 9, "away")
    assert posted.values
    await rig.post.again(posted.id)
    assert (await rig.deliver(LINK)).state is MessageState.SENT


async def test_each_wait_is_longer_than_the_one_before() -> None:
    rig, waits = Rig(), list[timedelta]()
    rig.sender.answers.extend([TurnedDown("later", True)] * 8)
    for _ in range(8):
        posted = await rig.deliver(LINK)
        assert posted.next_at is not None
        waits.append(posted.next_at - NOON)
    assert waits == sorted(waits)
    assert waits[0] < timedelta(seconds=10)


async def test_a_code_whose_time_is_over_is_not_sent() -> None:
    rig = Rig()
    rig.sender.answers.append(OutOfReach("away"))
    await rig.deliver(CODE)
    rig.clock.advance(timedelta(minutes=6))
    posted = await rig.deliver(CODE)
    assert (posted.state, posted.values) == (MessageState.FAILED, {})
    assert "time is over" in posted.reason
    assert rig.sender.sent == {}
