"""What facts say of a caller is sealed on the real PostgreSQL, also what older rows say; erasing ends it."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.clock import FixedClock
from core.events import CallStarted, Fact, Recorded, Spoke
from core.ids import AccountId, CallId
from core.money import Money
from db.bill_rows import BillRow
from db.bills import import_bills
from db.calls import StoredSessions
from db.engine import Work
from db.erase import erase
from db.fact_protect import plain_facts, protect_facts
from db.fact_seal import FactSeal
from db.facts import KeptFacts
from db.keys_file import MasterFile
from db.people import ERASED, People
from db.rewrap import rewrap
from db.stores import stored
from db.timeline import Timeline
from ivr.sessions import Session
from tests.integration.db.conftest import NOON, NewPayment

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

PHONE, WORDS, NUMBER = "+15550143", "my name is Robin Example", "87654321"
CALL, WITHHELD = CallId("call_1"), CallId("call_2")
FACTS: list[Fact] = [
    CallStarted(CALL, "+12025550100", PHONE, "pay_bill"),
    Spoke(CALL, "name", WORDS, 300, 200),
    CallStarted(WITHHELD, "+12025550100", "", "pay_bill"),
    Spoke(WITHHELD, "name", WORDS, 300, 200),
]


class House:
    def __init__(self, work: Work, url: str, clock: FixedClock, folder: Path) -> None:
        self.work, self.clock = work, clock
        self.master = MasterFile.made_at(folder / "master.key")
        self.people = People(self.master, clock)
        self.kept = KeptFacts(work, clock, seal=FactSeal(self.people))
        self.timeline = Timeline(work, url, seal=FactSeal(People(self.master, clock)))

    async def told(self, kept: KeptFacts | None = None) -> None:
        kept = kept or self.kept
        for fact in FACTS:
            kept.tell(fact)
        assert await kept.flush()

    async def read(self) -> list[object]:
        return [one.fact for one in await self.timeline.read()]

    async def rows(self) -> str:
        async with self.work.begin() as tx:
            return " ".join(str(row) for row in await tx.execute(text("SELECT body FROM facts")))


@pytest.fixture
def house(work: Work, url: str, clock: FixedClock, tmp_path: Path) -> House:
    return House(work, url, clock, tmp_path)


async def test_a_caller_s_number_and_words_stand_nowhere_and_are_read_again(house: House) -> None:
    await house.told()
    rows = await house.rows()
    assert [one for one in (PHONE, WORDS, "Robin") if one in rows] == []
    assert await house.read() == FACTS


async def test_the_search_finds_what_is_not_sealed(house: House) -> None:
    await house.told(KeptFacts(house.work, house.clock))
    assert PHONE in (rows := await house.rows())
    assert WORDS in rows


async def test_older_facts_are_sealed_and_read_as_they_were(house: House) -> None:
    await house.told(KeptFacts(house.work, house.clock))
    assert await plain_facts(house.work) == 3
    for expected in (3, 0):
        done = await protect_facts(house.work, house.people, house.clock, lambda _what, _part: None)
        assert done == expected
    assert PHONE not in await house.rows()
    assert await house.read() == FACTS


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE facts SET body = jsonb_set(body, '{caller}', '\"+15550199\"') WHERE kind = 'call_started'",
        "UPDATE facts SET body = jsonb_set(body, '{flow}', '\"other\"') WHERE kind = 'call_started'",
        "UPDATE facts SET body = jsonb_set(body, '{caller}', '\"sealed|a|b\"'), at = now() WHERE seq = 1",
    ],
)
async def test_nothing_else_of_a_fact_can_be_changed(house: House, change: str) -> None:
    await house.told(KeptFacts(house.work, house.clock))
    with pytest.raises(DBAPIError, match="append-only"):
        async with house.work.begin() as tx:
            await tx.execute(text(change))


async def test_what_is_sealed_is_not_sealed_otherwise_later(house: House) -> None:
    await house.told()
    with pytest.raises(DBAPIError, match="append-only"):
        async with house.work.begin() as tx:
            await tx.execute(text("UPDATE facts SET body = jsonb_set(body, '{caller}', '\"sealed|x|y\"')"))


async def test_a_rotation_of_the_master_key_leaves_facts_readable(house: House) -> None:
    await house.told()
    house.master.renew()
    await rewrap(house.work, house.master, house.clock, lambda _what, _part: None)
    assert await house.read() == FACTS


async def test_who_is_erased_is_gone_from_the_facts_too(house: House, new_payment: NewPayment) -> None:
    bill = BillRow(2, NUMBER, (PHONE,), "Robin Example", Money(12550, "USD"), "INV-1")
    work, clock = house.work, house.clock
    await import_bills(work, [bill], Path("b.csv"), clock, lambda _what, _part: None, people=house.people)
    for call, caller in ((CALL, PHONE), (WITHHELD, "")):
        session = Session(call, "+12025550100", caller, "pay_bill", "node-1", NOON)
        await StoredSessions(work, house.people).start(session)
    await house.told()
    async with work.begin() as tx:
        account = AccountId((await tx.execute(text("SELECT id FROM accounts"))).scalar_one())
    await stored(work, clock).payments.open(new_payment(account, call=WITHHELD))
    await erase(work, house.people, clock, NUMBER)
    started, spoke, withheld, said, *_ = await house.read()
    assert isinstance(started, CallStarted)
    assert isinstance(spoke, Spoke)
    assert isinstance(said, Spoke)
    assert (started.caller, spoke.text, said.text) == (ERASED, ERASED, ERASED)
    assert withheld == FACTS[2]


async def test_a_sealed_text_of_another_call_does_not_open(house: House) -> None:
    await house.told()
    [first, *_] = await Timeline(house.work, "postgresql:///none").read()
    assert isinstance(first.fact, CallStarted)
    moved = Recorded(9, NOON, CallStarted(CallId("call_9"), "+12025550100", first.fact.caller, "pay_bill"))
    async with house.work.single() as tx:
        [opened] = await FactSeal(house.people).opened(tx, [moved])
    assert isinstance(opened.fact, CallStarted)
    assert opened.fact.caller == ERASED
