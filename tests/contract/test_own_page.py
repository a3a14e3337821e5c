"""A payment link on our own page with Braintree's card fields, over real HTTP, against the emulator."""

import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from random import Random

import aiohttp
import anyio
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.app import serving
from api.routes import pay
from core.certificate import Certificate, certificate_in
from core.clock import FixedClock
from core.ids import AccountId
from core.money import Money
from messages.memory import MemoryLetters
from payments.gateway import FIELDS
from payments.gateways.braintree.account import Account
from payments.gateways.braintree.fields import asked_by
from payments.links.judging import Judging
from payments.links.link import LinkState
from payments.links.memory import MemoryLinks
from payments.links.offering import Made, Offering
from payments.links.paying import Paying
from payments.memory import MemoryPayments
from payments.orders import Fields
from payments.outcome import NotAttempted
from payments.purchase import Purchase
from payments.risk import AllowAll, Decision, Verdict
from payments.route import FirstRoute
from payments.sandbox.faults import Fault, Trouble
from payments.session import State
from tests.contract.benches.bench import EmulatedBench
from tests.contract.benches.vendors import VENDORS

pytestmark = pytest.mark.anyio

BASE = "https://pay.example.com"
DUE = Money(12550, "USD")
REFUSED = Money(200000, "USD")  # Braintree's answer to this amount is 2000, Do Not Honor
ACCOUNT = AccountId("acct_1")
TOKENIZE = """mutation ($input: TokenizeCreditCardInput!) {
    tokenizeCreditCard(input: $input) { paymentMethod { id } }
}"""


@dataclass
class Answer:
    """What a browser is shown; `policy` is the page's Content-Security-Policy, `onward` where it is sent."""

    status: int
    text: str
    policy: str
    onward: str


class Wary(AllowAll):
    """A fraud screen that decides as it is told."""

    def __init__(self) -> None:
        self.decision = Decision.ALLOW

    async def score(self, purchase: Purchase) -> Verdict:
        return Verdict(self.decision, reasons=("it is told to",))


class Shop:
    """A line whose only gateway is Braintree, and a payer's browser, which runs no scripts."""

    def __init__(self, bench: EmulatedBench, session: aiohttp.ClientSession) -> None:
        self.bench, self.session = bench, session
        self.clock = FixedClock(datetime(2026, 11, 2, 12, tzinfo=UTC))
        self.payments = MemoryPayments(self.clock)
        self.links = MemoryLinks(self.clock, self.payments.find)
        self.offering = Offering(
            self.links, MemoryLetters(), self.clock, base_url=BASE, lasts=timedelta(hours=72)
        )
        self.wary = Wary()
        judging = Judging(self.payments, FirstRoute([bench.gateway]), self.wary, self.clock)
        self.paying = Paying(
            self.links, self.payments, [bench.gateway], self.clock, Random(2), judging=judging
        )
        self.client: TestClient[web.Request, web.Application] | None = None

    async def made(self, amount: Money = DUE, description: str = "bill 1") -> Made:
        return await self.offering.make(ACCOUNT, amount, description=description)

    async def nonce(self, token: str = "a token") -> str:
        """What the vendor's fields give for a good card."""
        card = {"number": "4111111111111111", "expirationMonth": "12", "expirationYear": "2034", "cvv": "123"}
        asked = {"query": TOKENIZE, "variables": {"input": {"creditCard": card}}}
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.bench.emulator.url}/graphql"
        async with self.session.post(url, json=asked, headers=headers) as answer:
            made = (await answer.json())["data"]["tokenizeCreditCard"]["paymentMethod"]["id"]
            return str(made)

    async def state(self, made: Made) -> LinkState:
        found = await self.links.find(made.link.id)
        assert found is not None
        return found.state(self.clock.now())

    async def charged(self, made: Made) -> list[int]:
        found = await self.links.find(made.link.id)
        assert found is not None
        return self.bench.charged(found.payment) if found.payment is not None else []

    async def sales(self) -> int:
        return len(self.bench.emulator.books.listed("transaction"))

    async def ask(self, method: str, url: str, form: dict[str, str] | None = None) -> Answer:
        assert self.client is not None
        path = url.removeprefix(BASE)
        async with self.client.request(method, path, data=form, allow_redirects=False) as answer:
            policy, onward = (
                answer.headers.get(name, "") for name in ("Content-Security-Policy", "Location")
            )
            return Answer(answer.status, await answer.text(), policy, onward)

    async def pays(self, made: Made, nonce: str) -> Answer:
        """Send what the fields gave, and go where that leads."""
        form = {"token": nonce, "gateway": self.bench.gateway.name}
        answer = await self.ask("POST", f"{made.url}/card", form)
        return await self.ask("GET", answer.onward) if answer.status == 303 else answer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def shop(certificate: Certificate) -> AsyncIterator[Shop]:
    trusting = ssl.create_default_context(cafile=certificate.authority)
    async with (
        VENDORS["braintree"].open(certificate) as bench,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting)) as session,
    ):
        assert isinstance(bench, EmulatedBench)
        shop = Shop(bench, session)
        page = pay.PayPage(shop.paying, shop.clock, "Example <script>Power", BASE)
        async with TestClient(TestServer(serving(pay.routes(page)))) as client:
            shop.client = client
            yield shop


async def test_the_page_loads_the_vendors_scripts_and_one_of_ours(shop: Shop) -> None:
    made = await shop.made()
    shown = await shop.ask("POST", made.url)
    home = shop.bench.emulator.url
    scripts = re.findall(r'<script src="([^"]+)"></script>', shown.text)
    assert [script.rpartition("/")[2] for script in scripts] == [
        "client.min.js",
        "hosted-fields.min.js",
        "braintree.js",
    ]
    for script in scripts[:2]:
        async with shop.session.get(script) as answer:
            assert answer.status == 200
            assert "window.braintree" in await answer.text()
    ours = await shop.ask("GET", f"/pay/{scripts[2]}")
    assert "hostedFields" in ours.text
    assert f"script-src 'self' {home}" in shown.policy
    assert f"frame-src {home}; " in shown.policy
    assert "default-src 'none'" in shown.policy
    assert (await shop.ask("GET", "/pay/fields/nobody.js")).status == 404


async def test_no_script_stands_in_the_page_whatever_the_bill_is_called(shop: Shop) -> None:
    made = await shop.made(description='"><script>alert(1)</script>')
    shown = await shop.ask("POST", made.url)
    assert "<script>" not in shown.text
    assert "Example &lt;script&gt;Power" in shown.text
    assert shown.policy.partition("script-src ")[2].partition(";")[0].count("unsafe") == 0


async def test_a_card_in_the_fields_pays_the_link(shop: Shop) -> None:
    made = await shop.made()
    shown = await shop.ask("POST", made.url)
    assert await shop.state(made) is LinkState.OPENED  # a call may still take the bill
    key = re.search(r'data-key="([^"]+)"', shown.text)
    assert key is not None
    assert f'name="gateway" value="{shop.bench.gateway.name}"' in shown.text
    paid = await shop.pays(made, await shop.nonce(unescape(key[1])))
    assert "Thank you" in paid.text
    assert await shop.state(made) is LinkState.PAID
    assert await shop.charged(made) == [DUE.minor]


async def test_what_is_sent_twice_is_charged_once(shop: Shop) -> None:
    made = await shop.made()
    nonce = await shop.nonce()
    first, second = await shop.pays(made, nonce), await shop.pays(made, nonce)
    assert "Thank you" in first.text
    assert "Thank you" in second.text
    assert "Thank you" in (await shop.pays(made, await shop.nonce())).text
    assert await shop.sales() == 1


async def test_two_windows_at_the_same_time_are_charged_once(shop: Shop) -> None:
    made = await shop.made()
    nonces = [await shop.nonce() for _ in range(6)]
    async with anyio.create_task_group() as tasks:
        for nonce in nonces:
            tasks.start_soon(shop.pays, made, nonce)
    assert await shop.state(made) is LinkState.PAID
    assert await shop.sales() == 1


async def test_whose_card_is_refused_may_take_another(shop: Shop) -> None:
    made = await shop.made(REFUSED)
    nonce = await shop.nonce()
    refused = await shop.pays(made, nonce)
    assert "Your card was refused" in refused.text
    assert await shop.state(made) is LinkState.OPENED
    assert await shop.charged(made) == []
    again = await shop.pays(made, nonce)  # a nonce is good once
    assert again.status == 503
    assert 'id="card"' in (await shop.ask("POST", made.url)).text
    assert await shop.sales() == 1


@pytest.mark.parametrize(
    ("decision", "status", "title"),
    [
        (Decision.REFUSE, 403, "We could not accept this payment"),
        (Decision.REVIEW, 200, "We look at this first"),
    ],
)
async def test_whom_the_fraud_screen_holds_back_is_told_kindly_and_not_why(
    shop: Shop, decision: Decision, status: int, title: str
) -> None:
    made = await shop.made()
    shop.wary.decision = decision
    answer = await shop.pays(made, await shop.nonce())
    assert (answer.status, title in answer.text, "Nothing was charged" in answer.text) == (status, True, True)
    assert "told to" not in answer.text
    assert await shop.sales() == 0
    shop.wary.decision = Decision.ALLOW
    assert "Thank you" in (await shop.pays(made, await shop.nonce())).text


async def test_a_link_that_expired_takes_nothing(shop: Shop) -> None:
    made = await shop.made()
    nonce = await shop.nonce()
    shop.clock.advance(timedelta(hours=73))
    assert (await shop.pays(made, nonce)).status == 410
    assert (await shop.ask("POST", made.url)).status == 410
    assert await shop.sales() == 0


async def test_a_bill_that_was_paid_meanwhile_is_not_paid_again(shop: Shop) -> None:
    made = await shop.made()
    shop.payments.billed[ACCOUNT] = Money(0, "USD")
    answer = await shop.pays(made, await shop.nonce())
    assert answer.status == 410
    assert "Nothing is due any more" in answer.text
    assert await shop.sales() == 0


async def test_a_charge_without_an_answer_is_found_out_and_not_repeated(shop: Shop) -> None:
    made = await shop.made()
    shop.bench.emulator.troubles.plan(Trouble(Fault.RESET_AFTER_SEND, shop.bench.charges_at))
    sent = await shop.ask("POST", f"{made.url}/card", {"token": await shop.nonce()})
    assert sent.status == 303
    assert await shop.state(made) is LinkState.PAYING
    again = await shop.ask("POST", f"{made.url}/card", {"token": await shop.nonce()})
    assert again.status == 303
    assert (await shop.ask("POST", made.url)).status == 303  # no fields while one is under way
    assert "Thank you" in (await shop.ask("GET", sent.onward)).text
    assert await shop.sales() == 1
    assert await shop.charged(made) == [DUE.minor]


@pytest.mark.parametrize("token", ["", "x" * 300, "<script>", "a b"])
async def test_what_is_no_token_is_not_charged(shop: Shop, token: str) -> None:
    made = await shop.made()
    assert (await shop.pays(made, token)).status == 503
    found = await shop.links.find(made.link.id)
    assert found is not None
    assert found.payment is None


async def test_a_token_that_nobody_gave_is_not_charged(shop: Shop) -> None:
    made = await shop.made()
    assert (await shop.pays(made, "tokencc_made_up")).status == 503
    found = await shop.links.find(made.link.id)
    assert found is not None
    assert found.standing is State.NOT_ATTEMPTED


async def test_without_an_answer_of_the_vendors_the_page_says_that_it_is_not_possible_now(shop: Shop) -> None:
    made = await shop.made()
    await shop.bench.go_away()
    assert (await shop.ask("POST", made.url)).status == 503
    assert await shop.state(made) is LinkState.OPENED


async def test_fields_are_for_the_currencies_of_the_account(shop: Shop) -> None:
    offers = shop.bench.doing(FIELDS)
    fields = await offers.fields(DUE)
    assert isinstance(fields, Fields)
    assert fields.vendor == "braintree"
    assert isinstance(await offers.fields(Money(100, "EUR")), NotAttempted)


def test_braintrees_own_hosts_are_allowed_and_no_others() -> None:
    live = Account("shop", "public", "private")
    assert asked_by(live) == (
        "https://api.braintreegateway.com",
        "https://client-analytics.braintreegateway.com",
        "https://*.braintree-api.com",
    )
