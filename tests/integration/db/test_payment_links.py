"""Payment links over real HTTP and the real PostgreSQL: secret, tracked, and paid once."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from typing import Any

import anyio
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from api.app import serving
from api.broadcast import Broadcast
from api.routes import links, pay
from core.clock import FixedClock
from core.errors import BadInput
from core.ids import AccountId, PaymentId
from core.money import Money
from db.engine import Work
from db.link_list import LinkList
from db.links import StoredLinks
from db.payments import StoredPayments
from db.queue import Queue
from db.relay import Relay
from db.timeline import Timeline
from db.webhook_endpoints import StoredEndpoints
from db.webhook_events import StoredEvents
from messages.memory import MemoryLetters
from payments.capabilities import Can, Capabilities
from payments.gateways.sandbox.gateway import CAPABILITIES, SandboxGateway
from payments.links.link import LinkId, LinkState
from payments.links.offering import Made, Offering
from payments.links.paying import Paying
from payments.links.watching import Watching
from payments.orders import Page, PageOrder
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, Unknown
from payments.session import State
from payments.store import Move

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
DUE = Money(12550, "USD")


class PagesGateway(SandboxGateway):
    """A gateway with pages: one for each idempotency key, on which the test is the payer."""

    capabilities = Capabilities(
        CAPABILITIES.can | Can.LINK, CAPABILITIES.currencies, CAPABILITIES.brands, CAPABILITIES.after
    )

    def __init__(self) -> None:
        super().__init__(Random(1))
        self.pages: dict[str, PageOrder] = {}
        self.came: dict[PaymentId, Outcome] = {}
        self.trouble: Declined | NotAttempted | Unknown | None = None
        self.form: dict[str, str] = {}

    async def link(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        await anyio.sleep(0.01)  # so that other windows ask meanwhile
        if self.trouble is not None:
            return self.trouble
        assert self.pages.setdefault(order.key, order) == order
        return Page(f"cs_{order.payment}", f"https://gateway.example.com/{order.payment}", self.form)

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        return self.came.get(payment, NotAttempted("not paid yet"))


class House:
    """The parts of payment links as a node puts them together."""

    def __init__(self, work: Work, url: str, clock: FixedClock) -> None:
        self.work, self.clock = work, clock
        self.gateway, self.messages = PagesGateway(), MemoryLetters()
        self.payments, self.stored = StoredPayments(work, clock), StoredLinks(work, Queue(), clock)
        self.endpoints = StoredEndpoints(work, clock)
        events = StoredEvents(work, Queue(), clock)
        self.relay = Relay(work, events, Broadcast(Timeline(work, url)), self.stored.paid_in)
        self.offering = Offering(
            self.stored,
            self.messages,
            clock,
            base_url="https://pay.example.com/",
            lasts=timedelta(hours=72),
        )
        self.paying = Paying(self.stored, self.payments, [self.gateway], clock, Random(2))
        self.client: TestClient[web.Request, web.Application] | None = None

    async def made(self) -> Made:
        return await self.offering.make(AccountId("acct_1"), DUE, description="Invoice INV-1")

    async def state(self, made: Made) -> LinkState:
        found = await self.stored.find(made.link.id)
        assert found is not None
        return found.state(self.clock.now())

    async def ask(self, method: str, url: str, body: object = None) -> tuple[int, str]:
        assert self.client is not None
        path = url.removeprefix("https://pay.example.com")
        async with self.client.request(method, path, json=body, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def rows(self, query: str) -> list[Any]:
        async with self.work.begin() as tx:
            return list((await tx.execute(text(query))).mappings())


@pytest.fixture
async def house(work: Work, url: str, clock: FixedClock) -> AsyncIterator[House]:
    house = House(work, url, clock)
    page = pay.PayPage(house.paying, clock, "Example Power", "https://pay.example.com")
    app = serving(
        [
            *links.routes(links.Links(house.offering, house.stored, LinkList(house.work, clock), clock)),
            *pay.routes(page),
        ]
    )
    async with TestClient(TestServer(app)) as client:
        house.client = client
        yield house


async def test_a_link_is_made_sent_opened_and_paid_and_each_step_is_known(house: House) -> None:
    made = await house.made()
    assert await house.state(made) is LinkState.CREATED
    await house.offering.text(made, "+15550100")
    assert await house.state(made) is LinkState.SENT
    status, page = await house.ask("GET", made.url)
    assert status == 200
    assert "$125.50" in page
    assert await house.state(made) is LinkState.OPENED
    status, page = await house.ask("POST", made.url)
    assert "https://gateway.example.com/pay_" in page
    assert await house.state(made) is LinkState.PAYING
    [order] = house.gateway.pages.values()
    house.gateway.came[order.payment] = Approved("ch_1")
    status, page = await house.ask("GET", order.return_url)
    assert "Paid" in page
    assert await house.state(made) is LinkState.PAID
    await house.relay.catch_up()
    told = await house.rows(
        "SELECT body->>'state' AS state FROM facts WHERE kind = 'link_moved' ORDER BY seq"
    )
    assert [row["state"] for row in told] == ["created", "sent", "opened", "paid"]


async def test_fifty_windows_pay_one_payment(house: House) -> None:
    made = await house.made()
    pages: list[str] = []

    async def click() -> None:
        pages.append((await house.ask("POST", made.url))[1])

    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(click)
    assert len({re.findall(r"https://gateway\.example\.com/pay_\w+", page)[0] for page in pages}) == 1
    assert len(house.gateway.pages) == 1
    assert len(await house.rows("SELECT id FROM payments")) == 1


async def test_what_is_paid_is_not_paid_again(house: House) -> None:
    made = await house.made()
    await house.ask("POST", made.url)
    [order] = house.gateway.pages.values()
    await house.payments.move(order.payment, Move(State.CAPTURED, "ch_1"))
    _, page = await house.ask("POST", made.url)
    assert "Paid" in page
    assert len(house.gateway.pages) == 1


async def test_a_crash_between_the_claim_and_the_page_is_gone_on_from(house: House) -> None:
    made = await house.made()
    claimed = await house.stored.claim(made.link.id, PaymentId("pay_before_the_crash"))
    assert claimed.page is None
    await house.ask("POST", made.url)
    [order] = house.gateway.pages.values()
    assert order.payment == "pay_before_the_crash"


@pytest.mark.parametrize("trouble", [NotAttempted("refused"), Declined(DeclineCode.OTHER)])
async def test_a_page_that_was_not_made_is_made_later_for_another_payment(
    house: House, trouble: Declined | NotAttempted
) -> None:
    made = await house.made()
    house.gateway.trouble = trouble
    status, page = await house.ask("POST", made.url)
    assert (status, "Nothing was charged" in page) == (503, True)
    house.gateway.trouble = None
    assert (await house.ask("POST", made.url))[0] == 200
    assert len(await house.rows("SELECT id FROM payments")) == 2


async def test_silence_about_a_page_is_asked_again_with_the_same_key(house: House) -> None:
    made = await house.made()
    house.gateway.trouble = Unknown("silence")
    assert (await house.ask("POST", made.url))[0] == 503
    house.gateway.trouble = None
    assert (await house.ask("POST", made.url))[0] == 200
    assert len(await house.rows("SELECT id FROM payments")) == 1


async def test_a_form_page_is_posted_to_its_own_place_and_kept_nowhere(house: House) -> None:
    house.gateway.form = {"hash": "a<b", "surl": "https://pay.example.com/pay/secret"}
    made = await house.made()
    for _ in range(2):
        _, page = await house.ask("POST", made.url)
        assert '<input type="hidden" name="hash" value="a&lt;b">' in page
    assert len(house.gateway.pages) == 1
    assert (await house.rows("SELECT page FROM payment_links"))[0]["page"] == ""


async def test_a_link_that_expired_or_was_cancelled_leads_nowhere(house: House, clock: FixedClock) -> None:
    first, second = await house.made(), await house.made()
    await house.stored.cancel(second.link.id)
    assert (await house.ask("POST", second.url))[0] == 410
    clock.advance(timedelta(hours=72))
    assert (await house.ask("POST", first.url))[0] == 410
    assert house.gateway.pages == {}
    await house.stored.expire(first.link.id)
    await house.stored.expire(second.link.id)
    told = await house.rows(
        "SELECT body->>'state' AS state FROM facts WHERE kind = 'link_moved' ORDER BY seq"
    )
    assert [row["state"] for row in told] == ["created", "created", "cancelled", "expired"]


async def test_only_a_hash_of_the_address_is_kept(house: House) -> None:
    made = await house.made()
    await house.ask("POST", made.url)
    token = made.url.rpartition("/")[2]
    assert len(token) == 32
    for table in ("payment_links", "facts", "audit", "payments", "procrastinate_jobs", "webhook_events"):
        kept = await house.rows(f"SELECT row_to_json(t)::text AS row FROM {table} t")
        assert token not in json.dumps([str(row["row"]) for row in kept])


async def test_a_wrong_address_is_not_found_and_says_what_to_do(house: House) -> None:
    status, page = await house.ask("GET", "/pay/" + "x" * 32)
    assert (status, "ask for a new link" in page) == (404, True)


async def test_the_page_loads_nothing_runs_nothing_and_is_in_no_frame(house: House) -> None:
    made = await house.offering.make(AccountId("acct_1"), DUE, description="<script>alert(1)</script>")
    assert house.client is not None
    async with house.client.get(made.url.removeprefix("https://pay.example.com")) as answer:
        page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in page
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_who_asked_for_links_is_told_that_one_was_paid(house: House) -> None:
    await house.endpoints.add("https://shop.example.com/hooks", ["link.paid"])
    made = await house.made()
    await house.ask("POST", made.url)
    [order] = house.gateway.pages.values()
    await house.payments.move(order.payment, Move(State.CAPTURED, "ch_1"))
    await house.relay.catch_up()
    await house.relay.catch_up()
    [event] = await house.rows("SELECT topic, data FROM webhook_events")
    assert event["topic"] == "link.paid"
    assert event["data"]["link"] == made.link.id


async def test_the_api_makes_sends_lists_and_cancels(house: House) -> None:
    order = {"account": "acct_1", "amount_minor": 2000, "currency": "USD", "text_to": "+15550100", "qr": True}
    status, body = await house.ask("POST", "/v1/links", order)
    assert status == 201
    made = json.loads(body)
    assert made["state"] == "sent"
    assert made["qr_svg"].startswith("<?xml")
    [message] = house.messages.put_in.values()
    assert message.values["url"] == made["url"]
    listed = json.loads((await house.ask("GET", "/v1/links"))[1])["data"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert "url" not in listed[0]
    assert (await house.ask("POST", f"/v1/links/{made['id']}/cancel"))[0] == 200
    assert json.loads((await house.ask("GET", f"/v1/links/{made['id']}"))[1])["state"] == "cancelled"
    listed = json.loads((await house.ask("GET", "/v1/links?state=cancelled"))[1])["data"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert json.loads((await house.ask("GET", "/v1/links?state=paid"))[1])["data"] == []
    assert (await house.ask("GET", "/v1/links/link_none"))[0] == 404


@pytest.mark.parametrize(
    "wrong",
    [{"amount_minor": 0}, {"amount_minor": -1}, {"currency": "XXQ"}, {"text_to": "5550100"}, {"hours": 0}],
    ids=str,
)
async def test_a_wrong_order_is_refused_and_leaves_nothing(house: House, wrong: dict[str, object]) -> None:
    order = {"account": "acct_1", "amount_minor": 2000, "currency": "USD"} | wrong
    status, body = await house.ask("POST", "/v1/links", order)
    code = "unknown_currency" if "currency" in wrong else "bad_input"
    assert (status, json.loads(body)["code"]) == (400, code)
    assert await house.stored.all() == []


async def test_a_link_that_is_being_paid_is_not_cancelled(house: House) -> None:
    made = await house.made()
    await house.ask("POST", made.url)
    with pytest.raises(BadInput, match="paying"):
        await house.stored.cancel(made.link.id)
    with pytest.raises(BadInput, match="no such link"):
        await house.stored.cancel(LinkId("link_none"))


async def test_a_message_has_the_amount_the_end_and_the_address(house: House) -> None:
    made = await house.made()
    await house.offering.write(made, "robin@example.com")
    [letter] = house.messages.put_in.values()
    assert (letter.kind, letter.to, letter.about) == ("link", "robin@example.com", made.link.id)
    assert letter.values == {"amount": DUE, "until": made.link.expires_at, "url": made.url}
    with pytest.raises(BadInput, match="a text goes to a telephone number"):
        await house.offering.text(made, "robin@example.com")


async def test_a_gateway_that_posts_the_payer_back_leads_to_the_same_page(house: House) -> None:
    made = await house.made()
    await house.ask("POST", made.url)
    [order] = house.gateway.pages.values()
    house.gateway.came[order.payment] = Approved("ch_1")
    assert house.client is not None
    path = order.return_url.removeprefix("https://pay.example.com")
    form = {"status": "success", "hash": "not looked at"}
    async with house.client.post(path, data=form, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, order.return_url)
    assert await house.state(made) is LinkState.PAYING
    assert "Paid" in (await house.ask("GET", order.return_url))[1]


async def test_a_payer_who_paid_and_never_came_back_is_found(house: House, clock: FixedClock) -> None:
    made = await house.made()
    await house.ask("POST", made.url)
    watching = Watching(house.stored, house.paying, clock)
    jobs = (
        "SELECT args->>'subject' AS subject FROM procrastinate_jobs "
        "WHERE task_name = 'look_at_link' ORDER BY id"
    )
    assert [row["subject"] for row in await house.rows(jobs)] == [f"{made.link.id} 0"]
    await watching.look(f"{made.link.id} 0")
    assert [row["subject"] for row in await house.rows(jobs)] == [f"{made.link.id} 0", f"{made.link.id} 1"]
    [order] = house.gateway.pages.values()
    house.gateway.came[order.payment] = Approved("ch_1")
    await watching.look(f"{made.link.id} 1")
    assert await house.state(made) is LinkState.PAID
    await watching.look(f"{made.link.id} 1")
    assert len(await house.rows(jobs)) == 2


async def test_a_payer_who_never_paid_is_given_up_three_days_after_the_end(
    house: House, clock: FixedClock
) -> None:
    made = await house.made()
    await house.ask("POST", made.url)
    watching = Watching(house.stored, house.paying, clock)
    clock.advance(timedelta(hours=72 + 71))
    await watching.look(f"{made.link.id} 20")
    assert await house.state(made) is LinkState.PAYING
    clock.advance(timedelta(hours=1))
    await watching.look(f"{made.link.id} 21")
    assert await house.state(made) is LinkState.EXPIRED
