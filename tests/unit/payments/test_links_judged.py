"""Links are paid by the Desk's rules: screened for fraud, and led to the gateway that the router chooses."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from core.clock import FixedClock
from core.ids import AccountId, CallId, PaymentId
from core.money import Money
from messages.memory import MemoryLetters
from payments.capabilities import Can, Capabilities
from payments.currencies import Currencies
from payments.fraud.judgement import Bounds
from payments.fraud.keys import Kind, Marker
from payments.fraud.lists import Entry, MemoryLists
from payments.fraud.model import SHIPPED, load
from payments.fraud.people import People
from payments.fraud.reviews import MemoryReviews
from payments.fraud.screen import Screen, Stores
from payments.fraud.sightings import MemorySightings
from payments.links.judging import HeldBack, Judging
from payments.links.link import Link, LinkState
from payments.links.memory import MemoryLinks
from payments.links.offering import Offering
from payments.links.opening import NotNow
from payments.links.own_page import Fill, RefusedThere, Underway
from payments.links.paying import GoTo, Paying
from payments.memory import MemoryPayments
from payments.orders import Charge, Fields, Page, PageOrder
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, RequiresAction, Unknown
from payments.purchase import Method
from payments.routing.observed import MemoryObservations
from payments.routing.router import LearningRouter
from payments.routing.terms import Rule, Terms, When

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = bytes(range(32))
DUE = Money(12550, "USD")
BOB = "+15550100"
QUIET = Bounds(challenge_score=2, review_score=2, refuse_score=2, unusual_percentile=101)


@dataclass
class Vendor:
    """A gateway with pages, or with fields for ours; it does as its `answers` say, then well."""

    name: str
    can: Can
    answers: list[Outcome] = field(default_factory=list)
    asked: list[PaymentId] = field(default_factory=list)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(self.can, Currencies({"USD": 2}), frozenset({"visa"}))

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        return RequiresAction(ref, "")

    def scrub(self, transcript: str) -> str:
        return transcript

    async def link(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        self.asked.append(order.payment)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Declined | NotAttempted | Unknown):
            return answer
        return Page(f"{self.name}_1", f"https://{self.name}.example.com/1")

    async def fields(self, amount: Money) -> Fields | NotAttempted | Unknown:
        return Fields("braintree", ("https://js.example.com/fields.js",), "key", ())

    async def purchase(self, charge: Charge) -> Outcome:
        self.asked.append(charge.payment)
        return self.answers.pop(0) if self.answers else Approved("ch_1")


class Shop:
    """Links over these gateways, with the real screen and the real router."""

    def __init__(self, *vendors: Vendor, bounds: Bounds = QUIET, terms: Terms | None = None) -> None:
        self.clock = FixedClock(NOON)
        self.payments = MemoryPayments(self.clock)
        self.links = MemoryLinks(self.clock, self.payments.find)
        stores = Stores(MemorySightings(), MemoryLists(), MemoryReviews())
        self.reviews, self.lists = stores.reviews, stores.lists
        self.people = People(stores.reviews, stores.lists)
        self.marker = Marker(KEY)
        self.screen = Screen(self.marker, load(SHIPPED), stores, self.clock, bounds=bounds, home="US")
        router = LearningRouter(vendors, terms or Terms(), MemoryObservations(self.clock), self.clock)
        judging = Judging(self.payments, router, self.screen, self.clock, self.caller_of)
        self.paying = Paying(self.links, self.payments, vendors, self.clock, Random(3), judging=judging)
        self.offering = Offering(
            self.links, MemoryLetters(), self.clock, base_url="https://a.example.com", lasts=timedelta(1)
        )

    async def caller_of(self, call: CallId) -> str:
        return BOB if call == "call_1" else ""

    async def made(self, account: str = "acct_1", call: str | None = None) -> Link:
        made = await self.offering.make(AccountId(account), DUE, call=CallId(call) if call else None)
        return made.link

    async def clicks(self, link: Link) -> GoTo | Fill | Underway | HeldBack | NotNow:
        return await self.paying.pay(await self.now(link), "https://a.example.com/back")

    async def fills(self, link: Link, gateway: str = "") -> Underway | RefusedThere | HeldBack | NotNow:
        return await self.paying.charge(await self.now(link), "nonce_1", gateway)

    async def now(self, link: Link) -> Link:
        found = await self.links.find(link.id)
        assert found is not None
        return found

    async def deny(self, kind: Kind, value: str) -> None:
        await self.lists.put(Entry(self.marker.mark(kind, value), False, "tries out cards", "ann", NOON))
        await self.screen.share()


def page(name: str = "pages", *answers: Outcome) -> Vendor:
    return Vendor(name, Can.LINK, list(answers))


def fields(name: str = "fields", *answers: Outcome) -> Vendor:
    return Vendor(name, Can.FIELDS | Can.CHARGE, list(answers))


@pytest.mark.parametrize("vendor", [page(), fields()])
async def test_a_denied_account_comes_to_no_page_and_its_card_is_not_charged(vendor: Vendor) -> None:
    shop = Shop(vendor)
    await shop.deny(Kind.ACCOUNT, "acct_1")
    link = await shop.made()
    held = HeldBack(review=False)
    assert (await shop.clicks(link) if Can.LINK in vendor.can else await shop.fills(link)) == held
    assert vendor.asked == []
    assert shop.payments.all == []
    (attempt,) = shop.payments.attempts.values()
    assert attempt.purchase.method is Method.LINK
    assert attempt.verdict.reasons == ("its account is denied by a list: tries out cards",)


async def test_the_number_that_the_link_s_call_came_from_counts() -> None:
    shop = Shop(page())
    await shop.deny(Kind.CALLER, BOB)
    assert isinstance(await shop.clicks(await shop.made(call="call_1")), HeldBack)
    assert isinstance(await shop.clicks(await shop.made("acct_2", call="call_2")), GoTo)


async def test_cards_tried_out_on_a_page_of_ours_end_with_a_person() -> None:
    refused = Declined(DeclineCode.DO_NOT_HONOR, "2000")
    shop = Shop(fields("fields", refused, refused), bounds=Bounds(declines_of_an_account=2))
    link = await shop.made()
    assert isinstance(await shop.fills(link), RefusedThere)
    assert isinstance(await shop.fills(link), RefusedThere)
    await shop.screen.share()
    assert await shop.fills(link) == HeldBack(review=True)
    assert await shop.fills(link) == HeldBack(review=True)
    (waits,) = await shop.reviews.open()  # however often it was tried
    assert "2 refusals for this account in a day" in waits.reasons
    await shop.people.approve(waits.attempt, "ann", "called back", NOON)
    await shop.screen.share()
    assert isinstance(await shop.fills(link), Underway)
    assert (await shop.now(link)).state(NOON) is LinkState.PAID
    paid = shop.payments.all[-1]
    assert paid.attempt is not None
    assert shop.payments.attempts[paid.attempt].verdict.reasons[0].startswith("its account is allowed")


async def test_a_code_is_asked_for_on_no_page_so_a_person_decides() -> None:
    shop = Shop(page(), bounds=Bounds(challenge_score=0, review_score=2, refuse_score=2))
    assert await shop.clicks(await shop.made(call="call_1")) == HeldBack(review=True)
    (waits,) = await shop.reviews.open()
    assert "nobody asks for a one-time code here" in waits.reasons


async def test_a_rule_keeps_links_from_a_gateway_and_the_reason_can_be_read() -> None:
    rule = Rule("pages elsewhere", When(methods=frozenset({Method.LINK})), never=frozenset({"dear"}))
    shop = Shop(page("dear"), page("cheap"), terms=Terms(rules=(rule,)))
    answer = await shop.clicks(await shop.made())
    assert isinstance(answer, GoTo)
    assert answer.page.url.startswith("https://cheap.")
    (payment,) = shop.payments.all
    assert payment.attempt is not None
    route = shop.payments.attempts[payment.attempt].route
    assert [(one.gateway, one.reason) for one in route.passed] == [("dear", "rule 'pages elsewhere'")]
    assert route.choices[0].reasons


async def test_where_a_gateway_makes_no_page_the_next_one_does() -> None:
    shop = Shop(page("first", NotAttempted("refused")), page("second"))
    link = await shop.made()
    assert isinstance(await shop.clicks(link), GoTo)
    assert [one.gateway for one in shop.payments.all] == ["first", "second"]
    again = await shop.clicks(link)
    assert isinstance(again, GoTo)
    assert again.page.url.startswith("https://second.")


async def test_a_page_that_may_have_been_made_is_asked_for_again_and_nowhere_else() -> None:
    first, second = page("first", Unknown("no answer")), page("second")
    shop = Shop(first, second)
    link = await shop.made()
    assert isinstance(await shop.clicks(link), NotNow)
    assert isinstance(await shop.clicks(link), GoTo)
    assert second.asked == []
    assert len(set(first.asked)) == 1


async def test_what_fields_gave_is_charged_at_their_gateway_alone() -> None:
    one, other = fields("one"), fields("other")
    shop = Shop(one, other)
    link = await shop.made()
    assert isinstance(await shop.clicks(link), Fill)
    assert isinstance(await shop.fills(link, "nobody"), NotNow)
    assert isinstance(await shop.fills(link, "other"), Underway)
    assert (len(one.asked), len(other.asked)) == (0, 1)


async def test_opening_a_page_again_and_again_is_one_payment_to_the_screen() -> None:
    shop = Shop(page(), bounds=Bounds(caller_in_a_day=3, challenge_score=2, review_score=2, refuse_score=2))
    link = await shop.made(call="call_1")
    for _ in range(6):
        assert isinstance(await shop.clicks(link), GoTo)
    assert isinstance(await shop.clicks(await shop.made("acct_2", call="call_1")), GoTo)
