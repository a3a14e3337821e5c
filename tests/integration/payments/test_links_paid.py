"""Payment links, paid by a payer with a browser on each vendor's own page, over real HTTP and PostgreSQL."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from random import Random
from urllib.parse import urlsplit

import anyio
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from api.app import serving
from api.routes import inbox, pay
from core.certificate import Certificate, certificate_in
from core.clock import SystemClock
from core.ids import AccountId
from db.engine import Work
from db.links import StoredLinks
from db.queue import Queue
from db.stores import stored
from db.webhook_inbox import StoredNotices
from messages.memory import MemoryLetters
from payments.capabilities import Can
from payments.hearing import Hearing
from payments.links.link import LinkState
from payments.links.offering import Made, Offering
from payments.links.paying import Paying
from payments.links.watching import Watching
from payments.orders import Page
from payments.sandbox.dialect import Hook
from payments.sandbox.faults import Fault, Trouble
from payments.session import State
from payments.webhooks.inbox import Inbox
from tests.contract.benches.bench import EmulatedBench
from tests.contract.benches.payer import Back, Payer, payer
from tests.contract.benches.vendors import VENDORS

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

BASE = "https://pay.example.com"
WHO = [name for name, vendor in VENDORS.items() if Can.LINK in vendor.capabilities.can]
# PayPal tells of money that we asked for after the payer's yes
TOLD = [name for name in WHO if Can.WEBHOOKS in VENDORS[name].capabilities.can and name != "paypal"]


class Shop:
    """A node's links with one vendor's gateway, and a payer."""

    def __init__(self, work: Work, bench: EmulatedBench, somebody: Payer) -> None:
        clock = SystemClock()
        self.work, self.bench, self.payer = work, bench, somebody
        self.stores = stored(work, clock)
        self.links = StoredLinks(work, Queue(), clock)
        self.notices = StoredNotices(work, Queue(), clock, Hearing(self.stores, clock).hear)
        self.inbox = Inbox({bench.gateway.name: bench.gateway}, self.notices, clock)
        self.offering = Offering(self.links, MemoryLetters(), clock, base_url=BASE, lasts=timedelta(hours=72))
        self.paying = Paying(self.links, self.stores.payments, [bench.gateway], clock, Random(2))
        self.watching = Watching(self.links, self.paying, clock)
        self.client: TestClient[web.Request, web.Application] | None = None

    async def made(self) -> Made:
        return await self.offering.make(AccountId("acct_1"), self.bench.page_amount, description="bill 1")

    async def state(self, made: Made) -> LinkState:
        found = await self.links.find(made.link.id)
        assert found is not None
        return found.state(SystemClock().now())

    async def onward(self, made: Made) -> Page:
        """The vendor's page, as our own leads to it."""
        shown = await self._ask("POST", made.url)
        if form := re.search(r'<form method="post" action="(https[^"]+)"', shown):
            hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', shown)
            return Page("", unescape(form[1]), {unescape(name): unescape(told) for name, told in hidden})
        button = re.search(r'<a class="button" href="([^"]+)"', shown)
        assert button is not None, shown
        return Page("", unescape(button[1]))

    async def comes_back(self, back: Back) -> str:
        """What the payer's browser shows in the end."""
        return await self._ask("POST" if back.fields else "GET", back.url, dict(back.fields))

    async def hears(self) -> int:
        """Apply all that was told by now; how many webhooks that were."""
        async with self.work.begin() as tx:
            rows = (await tx.execute(text("SELECT gateway, id FROM webhook_inbox"))).all()
        for row in rows:
            await self.notices.apply(f"{row.gateway}/{row.id}")
        return len(rows)

    async def taken(self, made: Made) -> list[int]:
        found = await self.links.find(made.link.id)
        assert found is not None
        assert found.payment is not None
        payment = await self.stores.payments.find(found.payment)
        assert payment is not None
        assert payment.state is State.CAPTURED
        return self.bench.charged(payment.id)

    async def _ask(self, method: str, url: str, form: dict[str, str] | None = None) -> str:
        assert self.client is not None
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        async with self.client.request(method, path, data=form or None, allow_redirects=False) as answer:
            if answer.status == 303:
                return await self._ask("GET", answer.headers["Location"])
            assert answer.status == 200, await answer.text()
            return await answer.text()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=WHO)
async def shop(request: pytest.FixtureRequest, work: Work, certificate: Certificate) -> AsyncIterator[Shop]:
    async with VENDORS[request.param].open(certificate) as bench, payer(certificate) as somebody:
        assert isinstance(bench, EmulatedBench)
        shop = Shop(work, bench, somebody)
        page = pay.PayPage(shop.paying, SystemClock(), "Example Power", BASE)
        app = serving([*pay.routes(page), *inbox.routes(shop.inbox)])
        async with TestClient(TestServer(app)) as client:
            shop.client = client
            url = str(client.make_url(f"/webhooks/{bench.gateway.name}"))
            bench.emulator.bell.hooks.append(Hook(url, bench.hook_secret))
            yield shop


async def test_a_payer_who_comes_back_has_paid(shop: Shop) -> None:
    made = await shop.made()
    back = await shop.payer.pay(await shop.onward(made))
    assert "Paid" in await shop.comes_back(back)
    assert await shop.state(made) is LinkState.PAID
    assert await shop.taken(made) == [shop.bench.page_amount.minor]


@pytest.mark.parametrize("shop", TOLD, indirect=True)
async def test_of_a_payer_who_never_comes_back_the_vendor_tells_twice_and_late(shop: Shop) -> None:
    shop.bench.emulator.troubles.plan(Trouble(Fault.WEBHOOK_LATE))
    shop.bench.emulator.troubles.plan(Trouble(Fault.WEBHOOK_TWICE), times=3)
    first, second = await shop.made(), await shop.made()
    for made in (first, second):
        await shop.payer.pay(await shop.onward(made))
    with anyio.fail_after(20):
        while await shop.state(first) is not LinkState.PAID or await shop.state(second) is not LinkState.PAID:
            await shop.hears()
            await anyio.sleep(0.05)
    assert await shop.taken(first) == await shop.taken(second) == [shop.bench.page_amount.minor]


async def test_a_payer_who_never_comes_back_is_asked_after(shop: Shop) -> None:
    shop.bench.emulator.bell.hooks.clear()
    made = await shop.made()
    await shop.payer.pay(await shop.onward(made))
    assert await shop.state(made) is LinkState.PAYING
    await shop.watching.look(f"{made.link.id} 0")
    assert await shop.state(made) is LinkState.PAID
    assert await shop.taken(made) == [shop.bench.page_amount.minor]


async def test_who_gives_up_may_pay_later(shop: Shop) -> None:
    made = await shop.made()
    page = await shop.onward(made)
    back = await shop.payer.click(await shop.payer.open(page), "give_up")
    assert isinstance(back, Back)
    assert "pay" in await shop.comes_back(back)
    assert await shop.state(made) is not LinkState.PAID
    back = await shop.payer.pay(await shop.onward(made))
    assert "Paid" in await shop.comes_back(back)
    assert await shop.taken(made) == [shop.bench.page_amount.minor]
