"""Callers who are offered a link by text message, in virtual time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import OutOfReach
from core.events import Said
from core.ids import PaymentId
from core.letter import Letter
from core.money import Money
from ivr.flows.pay_bill import pay_bill
from ivr.line import Line
from ivr.result import CallResult
from ivr.services import Services
from ivr.steps.link import Offered, offer_link
from messages.memory import MemoryLetters
from payments.links.link import LinkState, hash_of
from payments.links.memory import MemoryLinks
from payments.links.offering import Offering
from payments.store import Payment
from pbx.fake.phone import Phone
from tests.sim.callers import key_account
from tests.sim.house import BILLS, CLOCK, SimHouse, bill, open_house

pytestmark = pytest.mark.anyio

ASKED = "a link by text message"


class _Unpaid(MemoryLinks):
    """Links of which none is paid in these calls."""

    def __init__(self) -> None:
        super().__init__(CLOCK, _nothing)


async def _nothing(_payment: PaymentId) -> Payment | None:
    return None


class _Broken(MemoryLetters):
    async def put(self, letter: Letter) -> None:
        raise OutOfReach("the database does not answer")


class Offer:
    """A flow that offers a link, and what came of it."""

    def __init__(self, messages: MemoryLetters) -> None:
        self.links, self.messages, self.came = _Unpaid(), messages, list[object]()
        self._offering = Offering(
            self.links,
            messages,
            CLOCK,
            base_url="https://pay.example.com",
            lasts=timedelta(hours=72),
        )

    async def pays(self, line: Line, services: Services) -> CallResult:
        return await pay_bill(line, replace(services, links=self._offering))

    async def flow(self, line: Line, _services: Services) -> CallResult:
        self.came.append(await offer_link(line, self._offering, BILLS[0]))
        return CallResult.HUNG_UP

    async def call(self, keys: str, caller: str) -> SimHouse:
        async def script(phone: Phone) -> None:
            await phone.hears(ASKED)
            await phone.press(keys)

        async def waits(phone: Phone) -> None:
            await phone.ended()

        async with open_house(flows={"offer": self.flow}) as house:
            await house.call(script if keys else waits, flow="offer", caller=caller)
        return house


async def test_one_who_wants_a_link_gets_it_at_the_number_of_the_call() -> None:
    offer = Offer(MemoryLetters())
    house = await offer.call("1", "+15550123")
    [message] = offer.messages.put_in.values()
    assert offer.came == [Offered.SENT]
    assert message.to == "+15550123"
    link = await offer.links.by_token(hash_of(str(message.values["url"]).rpartition("/")[2]))
    assert link is not None
    assert link.amount == BILLS[0].due
    assert link.state(CLOCK.now()) is LinkState.SENT
    assert [fact.prompt for fact in house.told(Said)] == ["offer_link", "link_sent"]


async def test_the_address_is_in_no_fact_of_the_call() -> None:
    offer = Offer(MemoryLetters())
    house = await offer.call("1", "+15550123")
    [message] = offer.messages.put_in.values()
    token = str(message.values["url"]).rpartition("/")[2]
    assert not [fact for fact in house.facts.told if token in repr(fact)]


async def test_one_who_wants_none_gets_none() -> None:
    offer = Offer(MemoryLetters())
    await offer.call("2", "+15550123")
    assert (offer.came, offer.messages.put_in) == ([Offered.NOT_WANTED], {})


@pytest.mark.parametrize("caller", ["", "201"])
async def test_one_without_a_number_is_offered_none(caller: str) -> None:
    offer = Offer(MemoryLetters())
    house = await offer.call("", caller)
    assert offer.came == [Offered.NOT_POSSIBLE]
    assert house.told(Said) == []


async def test_one_whose_message_does_not_go_out_is_told() -> None:
    offer = Offer(_Broken())
    house = await offer.call("1", "+15550123")
    assert offer.came == [Offered.NOT_POSSIBLE]
    assert house.told(Said)[-1].prompt == "link_not_sent"


RUPEES = bill("77712345", Money(12_550, "INR"))  # which the sandbox's gateway takes no card for


@pytest.mark.parametrize(("key", "sent"), [("1", 1), ("2", 0)])
async def test_where_no_gateway_takes_a_card_on_a_call_a_link_is_offered(key: str, sent: int) -> None:
    offer = Offer(MemoryLetters())

    async def script(phone: Phone) -> None:
        await key_account(phone, "77712345")
        await phone.hears("To pay all of it")
        await phone.press("1")
        await phone.hears(ASKED)
        await phone.press(key)
        await phone.ended()

    async with open_house(flows={"offer": offer.pays}, bills=[RUPEES]) as house:
        await house.call(script, flow="offer", caller="+15550123")
    wanted = CallResult.PENDING if sent else CallResult.DECLINED_TO_PAY
    assert (await house.session()).outcome == wanted.value
    assert len(offer.messages.put_in) == sent
    assert house.gateway.books.entries == {}


async def test_without_a_number_to_text_to_the_caller_hears_that_it_is_not_possible() -> None:
    offer = Offer(MemoryLetters())

    async def script(phone: Phone) -> None:
        await key_account(phone, "77712345")
        await phone.hears("To pay all of it")
        await phone.press("1")
        await phone.ended()

    async with open_house(flows={"offer": offer.pays}, bills=[RUPEES]) as house:
        await house.call(script, flow="offer")
    assert (await house.session()).outcome == CallResult.PAYMENT_UNAVAILABLE.value
    assert "payment_unavailable" in [fact.prompt for fact in house.told(Said)]
