"""A payer in Chromium, on our page with Braintree's card fields, as the emulator stands in for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from aiohttp.test_utils import TestServer, unused_port
from playwright.async_api import Page, async_playwright, expect

from api.app import serving
from api.routes import pay
from core.certificate import certificate_in
from core.clock import SystemClock
from core.ids import AccountId
from core.money import Money
from messages.memory import MemoryLetters
from payments.links.memory import MemoryLinks
from payments.links.offering import Offering
from payments.links.paying import Paying
from payments.memory import MemoryPayments
from tests.contract.benches.bench import EmulatedBench
from tests.contract.benches.vendors import VENDORS
from tests.integration.web.stage import CHROMIUM

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
DUE = Money(12550, "USD")


@dataclass
class Payer:
    """A browser on the page of a link; `complaints` is what it said against that page."""

    page: Page
    bench: EmulatedBench
    complaints: list[str]

    async def types(self, number: str) -> None:
        for name, keys in (("number", number), ("expirationDate", "12/34"), ("cvv", "123")):
            await self.page.frame_locator(f'iframe[name="braintree-{name}"]').locator("#typed").fill(keys)
        await self.page.get_by_role("button", name="Pay $125.50").click()


@asynccontextmanager
async def paying(folder: Path) -> AsyncIterator[tuple[str, EmulatedBench]]:
    """The address of a link, and the gateway behind it."""
    async with VENDORS["braintree"].open(certificate_in(folder)) as bench:
        assert isinstance(bench, EmulatedBench)
        clock, port = SystemClock(), unused_port()
        payments = MemoryPayments(clock)
        links = MemoryLinks(clock, payments.find)
        base, lasts = f"http://localhost:{port}", timedelta(hours=72)
        offering = Offering(links, MemoryLetters(), clock, base_url=base, lasts=lasts)
        page = pay.PayPage(
            Paying(links, payments, [bench.gateway], clock, Random(2)), clock, "Example Power", base
        )
        async with TestServer(serving(pay.routes(page)), host="localhost", port=port):
            made = await offering.make(AccountId("acct_1"), DUE)
            yield made.url, bench


@pytest.fixture
async def payer(tmp_path: Path) -> AsyncIterator[Payer]:
    async with paying(tmp_path) as (url, bench), async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        context = await browser.new_context(ignore_https_errors=True)
        page, complaints = await context.new_page(), list[str]()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await page.goto(url)
        await page.get_by_role("button", name="Continue to pay").click()
        yield Payer(page, bench, complaints)
        await browser.close()


async def test_a_card_typed_into_the_fields_pays_the_bill(payer: Payer) -> None:
    await payer.types("4111 1111 1111 1112")  # its check digit is wrong
    await expect(payer.page.get_by_role("alert")).to_contain_text("Please look at what is marked")
    await payer.types("4111 1111 1111 1111")
    await expect(payer.page.get_by_role("heading", name="Paid")).to_be_visible()
    assert len(payer.bench.emulator.books.listed("transaction")) == 1
    assert payer.complaints == []
