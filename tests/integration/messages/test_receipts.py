"""Receipts on the real PostgreSQL: once for each payment and refund, to whom, and gone with the person."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import anyio
import pytest
from sqlalchemy import text

from api.broadcast import Broadcast
from core.clock import FixedClock, SystemClock
from core.ids import AccountId, PaymentId, new_payment_id, new_refund_id
from core.money import Money
from db.accounts import StoredAccounts
from db.bill_rows import BillRow, Contact
from db.bills import import_bills
from db.engine import Work
from db.erase import erase
from db.jobs import Jobs
from db.keys_file import MasterFile
from db.message_lists import MessageFilter, StoredMessages
from db.messages import SEND, StoredPost
from db.people import ERASED, People
from db.queue import Queue
from db.receipts import Receipts
from db.relay import Relay
from db.stores import stored
from db.timeline import Timeline
from db.webhook_events import StoredEvents
from messages.memory import MemorySender
from messages.message import Mail, MessageState, Text
from messages.post import Posted
from messages.postman import Postman
from messages.sender import Senders
from messages.templates import Templates
from payments.refunds import RefundAsked, RefundState
from payments.session import State
from payments.store import Move, Payment

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

NUMBER, DUE = "87654321", Money(12550, "USD")
BOTH = Contact("robin@example.com", "+15550177", "es")


@dataclass
class House:
    work: Work
    url: str
    clock: FixedClock | SystemClock
    people: People

    def __post_init__(self) -> None:
        self.post = StoredPost(self.work, Queue(), self.clock, self.people)
        self.stores = stored(self.work, self.clock)
        self.sender = MemorySender()
        words, senders = Templates({"company": "Example Power"}), Senders(self.sender, self.sender)
        self.postman = Postman(self.post, words, senders, self.clock, Random(1))

    def relay(self) -> Relay:
        events = StoredEvents(self.work, Queue(), self.clock)
        told = Receipts(self.post, self.people).told
        return Relay(self.work, events, Broadcast(Timeline(self.work, self.url)), told)

    async def bill(self, contact: Contact) -> AccountId:
        row = BillRow(2, NUMBER, (), "Robin Example", DUE, "INV-1", contact)
        await import_bills(
            self.work, [row], Path("b.csv"), self.clock, lambda _what, _part: None, people=self.people
        )
        found = await StoredAccounts(self.work, self.people).by_number(NUMBER)
        assert found is not None
        return found.id

    async def pay(self, account: AccountId) -> PaymentId:
        name = new_payment_id()
        payment = Payment(
            name,
            None,
            account,
            DUE,
            State.PENDING,
            "sandbox",
            f"k-{name}",
            "visa",
            "4242",
            name[-8:],
            self.clock.now(),
        )
        await self.stores.payments.open(payment)
        await self.stores.payments.move(name, Move(State.CAPTURED, ref="ch_1"))
        return name

    async def give_back(self, payment: PaymentId, minor: int) -> None:
        refund = new_refund_id()
        asked = RefundAsked(refund, payment, Money(minor, "USD"), f"k-{refund}", self.clock.now())
        await self.stores.refunds.reserve(asked)
        await self.stores.refunds.settle(refund, RefundState.DONE, "re_1")

    async def told(self) -> list[Posted]:
        return await StoredMessages(self.work, self.people).page(MessageFilter(), None, 50)

    async def deliver(self) -> None:
        for one in await self.told():
            await self.postman.deliver(f"{one.id}/1")


@pytest.fixture
async def house(work: Work, url: str, tmp_path: Path) -> House:
    clock = FixedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    return House(work, url, clock, People(MasterFile.made_at(tmp_path / "key"), clock))


async def test_a_payment_is_receipted_in_the_customer_s_language_by_mail(house: House) -> None:
    await house.pay(await house.bill(BOTH))
    await house.relay().catch_up()
    await house.deliver()
    [mail] = house.sender.sent.values()
    assert isinstance(mail, Mail)
    assert mail.to == "robin@example.com"
    assert mail.subject == "Recibo: 125,50 US$ pagados a Example Power"
    assert "Hola, Robin Example:" in mail.text
    assert "Visa 4242" in mail.text


async def test_one_without_mail_gets_a_text_and_one_without_both_nothing(house: House) -> None:
    await house.pay(await house.bill(Contact(phone="+15550177")))
    await house.relay().catch_up()
    await house.deliver()
    [message] = house.sender.sent.values()
    assert isinstance(message, Text)
    assert message.to == "+15550177"


async def test_one_without_an_address_gets_nothing(house: House) -> None:
    await house.pay(await house.bill(Contact()))
    await house.relay().catch_up()
    assert await house.told() == []


async def test_each_refund_is_told_once_and_the_payment_too(house: House) -> None:
    payment = await house.pay(await house.bill(BOTH))
    await house.give_back(payment, 2000)
    await house.give_back(payment, 10550)
    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(house.relay().catch_up)
    told = await house.told()
    assert sorted(one.kind for one in told) == ["receipt", "refund", "refund"]
    amounts = [one.values["amount"] for one in told if one.kind == "refund"]
    assert sorted(amounts, key=str) == [Money(10550, "USD"), Money(2000, "USD")]


async def test_nothing_of_the_person_is_readable_in_the_database(house: House) -> None:
    await house.pay(await house.bill(BOTH))
    await house.relay().catch_up()
    async with house.work.begin() as tx:
        found = [await tx.execute(text(f"SELECT * FROM {table}")) for table in ("messages", "accounts")]
        rows = " ".join(str(row) for kept in found for row in kept)
    assert [it for it in ("robin@example.com", "+15550177", "Robin") if it in rows] == []
    [one] = await house.told()
    assert one.to == "robin@example.com"


async def test_a_message_to_an_erased_person_is_not_sent(house: House) -> None:
    await house.pay(await house.bill(BOTH))
    await house.relay().catch_up()
    await erase(house.work, house.people, house.clock, NUMBER)
    await house.deliver()
    [one] = await house.told()
    assert (one.to, one.state, one.values) == (ERASED, MessageState.FAILED, {})
    assert one.reason == "the person was erased"
    assert house.sender.sent == {}


async def test_messages_are_found_by_their_address(house: House) -> None:
    payment = await house.pay(await house.bill(BOTH))
    await house.relay().catch_up()
    messages = StoredMessages(house.work, house.people)
    found = await messages.page(MessageFilter(to="robin@example.com", about=payment), None, 10)
    assert [one.kind for one in found] == ["receipt"]
    assert await messages.page(MessageFilter(to="other@example.com"), None, 10) == []
    assert await messages.page(MessageFilter(state=MessageState.SENT), None, 10) == []


@pytest.fixture
async def working(work: Work, url: str, tmp_path: Path) -> AsyncIterator[House]:
    """With a node's jobs running, on true time."""
    house = House(work, url, SystemClock(), People(MasterFile.made_at(tmp_path / "key"), SystemClock()))

    async def settle(_payment: PaymentId) -> None:
        raise AssertionError

    jobs = Jobs(work, url, settle, handles={SEND: house.postman.deliver})
    async with anyio.create_task_group() as group:
        group.start_soon(jobs.run)
        yield house
        group.cancel_scope.cancel()


async def test_a_running_node_sends_by_itself(working: House) -> None:
    await working.pay(await working.bill(BOTH))
    await working.relay().catch_up()
    with anyio.fail_after(20):
        while not working.sender.sent:  # noqa: ASYNC110
            await anyio.sleep(0.05)
        while (await working.told())[0].state is not MessageState.SENT:  # noqa: ASYNC110
            await anyio.sleep(0.05)
    assert (await working.told())[0].sent_at is not None
    assert SystemClock().now() - (await working.told())[0].created_at < timedelta(seconds=20)
