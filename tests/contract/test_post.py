"""What every store of messages does; `post` names them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.clock import FixedClock
from core.errors import BadInput
from core.letter import Letter, Value
from core.money import Money
from db.engine import Work
from db.keys_file import MasterFile
from db.message_lists import MessageFilter, StoredMessages
from db.messages import StoredPost
from db.people import People
from db.queue import Queue
from messages.memory import MemoryPost
from messages.message import Channel, MessageState
from messages.post import Due, Outcome, Post, Posted
from messages.sender import Accepted, Report, TurnedDown

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
VALUES: dict[str, Value] = {
    "amount": Money(12550, "USD"),
    "at": NOON,
    "code": "7KQ2",
    "name": "Robin Example",
    "card": "",
}
LETTER = Letter("receipt", "robin@example.com", VALUES, "receipt:pay_1", language="es", about="pay_1")
TEXT = Letter("code", "+15550100", {"code": "123456"}, "code:1")


class Books:
    """A store of messages, and the only one in it."""

    def __init__(self, post: Post, clock: FixedClock, work: Work | None, people: People | None) -> None:
        self.post, self.clock, self._work, self._people = post, clock, work, people
        self.id = ""

    async def write(self, letter: Letter) -> Due:
        await self.post.put(letter)
        if isinstance(self.post, MemoryPost):
            self.id = self.post.jobs[-1].partition("/")[0]
        else:
            assert self._work is not None
            listed = StoredMessages(self._work, self._people)
            self.id = (await listed.page(MessageFilter(), None, 1))[0].id
        return await self.due(1)

    async def due(self, attempt: int) -> Due:
        due = await self.post.due(f"{self.id}/{attempt}")
        assert due is not None
        return due

    async def now(self) -> Posted:
        found = await self.post.find(self.id)
        assert found is not None
        return found


@pytest.fixture(
    params=["memory", *(pytest.param(it, marks=pytest.mark.integration) for it in ("plain", "sealed"))]
)
def books(request: pytest.FixtureRequest, tmp_path: Path) -> Books:
    clock = FixedClock(NOON)
    if request.param == "memory":
        return Books(MemoryPost(clock), clock, None, None)
    work: Work = request.getfixturevalue("work")
    people = People(MasterFile.made_at(tmp_path / "key"), clock) if request.param == "sealed" else None
    return Books(StoredPost(work, Queue(), clock, people), clock, work, people)


async def test_a_letter_is_due_as_it_was_handed_in(books: Books) -> None:
    due = await books.write(LETTER)
    assert (due.kind, due.channel, due.to, due.language) == ("receipt", Channel.EMAIL, LETTER.to, "es")
    assert due.values == VALUES
    assert (due.key, due.at, due.attempt) == (LETTER.key, NOON, 1)


async def test_a_letter_of_a_known_key_is_the_same_letter(books: Books) -> None:
    first = await books.write(LETTER)
    await books.post.put(Letter("receipt", "other@example.com", VALUES, LETTER.key))
    assert (await books.due(1)).to == first.to


async def test_what_was_taken_is_sent_and_no_longer_due(books: Books) -> None:
    due = await books.write(LETTER)
    await books.post.note(due, Outcome("smtp", Accepted(("ref",))))
    now = await books.now()
    assert (now.state, now.attempts, now.sender, now.sent_at) == (MessageState.SENT, 1, "smtp", NOON)
    assert await books.post.due(f"{books.id}/1") is None
    assert await books.post.due(f"{books.id}/2") is None


async def test_what_was_turned_down_is_due_again_as_the_next_attempt(books: Books) -> None:
    due = await books.write(LETTER)
    await books.post.note(due, Outcome("smtp", TurnedDown("the mail server answered 451", True), 30.0))
    now = await books.now()
    assert (now.state, now.attempts) == (MessageState.QUEUED, 1)
    assert (now.reason, now.next_at) == ("the mail server answered 451", NOON + timedelta(seconds=30))
    assert await books.post.due(f"{books.id}/1") is None
    assert (await books.due(2)).values == VALUES


async def test_an_attempt_is_noted_once(books: Books) -> None:
    due = await books.write(LETTER)
    await books.post.note(due, Outcome("smtp", Accepted()))
    await books.post.note(due, Outcome("smtp", TurnedDown("too late", False)))
    assert (await books.now()).state is MessageState.SENT


async def test_what_failed_is_sent_again_on_demand(books: Books) -> None:
    due = await books.write(LETTER)
    with pytest.raises(BadInput):
        await books.post.again(books.id)
    await books.post.note(due, Outcome("smtp", TurnedDown("no such person", False)))
    assert (await books.now()).state is MessageState.FAILED
    await books.post.again(books.id)
    assert (await books.due(1)).to == LETTER.to
    with pytest.raises(BadInput):
        await books.post.again("msg_none")


async def test_a_secret_that_was_sent_is_forgotten(books: Books) -> None:
    due = await books.write(TEXT)
    await books.post.note(due, Outcome("smpp", TurnedDown("expired", False), forget=True))
    assert (await books.now()).values == {}
    with pytest.raises(BadInput, match="forgotten"):
        await books.post.again(books.id)


@pytest.mark.parametrize("state", [MessageState.DELIVERED, MessageState.FAILED])
async def test_a_report_of_the_provider_is_noted(books: Books, state: MessageState) -> None:
    await books.post.note(await books.write(TEXT), Outcome("smpp", Accepted(("m-1", "m-2"))))
    assert await books.post.report(Report("smpp", "m-2", state, "why"))
    now = await books.now()
    assert (now.state, now.reason, now.done_at) == (state, "why", NOON)


async def test_the_first_of_two_parts_alone_delivers_nothing(books: Books) -> None:
    await books.post.note(await books.write(TEXT), Outcome("smpp", Accepted(("m-1", "m-2"))))
    assert await books.post.report(Report("smpp", "m-1", MessageState.DELIVERED))
    assert (await books.now()).state is MessageState.SENT
    assert await books.post.report(Report("smpp", "m-1", MessageState.FAILED, "expired"))
    assert (await books.now()).state is MessageState.FAILED


async def test_a_late_report_does_not_undo_an_earlier_one(books: Books) -> None:
    await books.post.note(await books.write(TEXT), Outcome("smpp", Accepted(("m-1",))))
    await books.post.report(Report("smpp", "m-1", MessageState.DELIVERED))
    await books.post.report(Report("smpp", "m-1", MessageState.FAILED))
    assert (await books.now()).state is MessageState.DELIVERED


async def test_a_report_about_nothing_known_is_told_from_one_that_is(books: Books) -> None:
    await books.post.note(await books.write(TEXT), Outcome("smpp", Accepted(("m-1",))))
    assert not await books.post.report(Report("smpp", "m-9", MessageState.DELIVERED))
    assert not await books.post.report(Report("form", "m-1", MessageState.DELIVERED))


@pytest.mark.parametrize(
    "to", ["", "5550177", "+1 555 0100", "robin", "a@b@example.com", "robin@", "a\n@b.example"]
)
async def test_an_address_that_is_none_is_refused_and_not_repeated(books: Books, to: str) -> None:
    with pytest.raises(BadInput) as refused:
        await books.post.put(Letter("receipt", to, VALUES, "k"))
    assert not to or to not in str(refused.value)
