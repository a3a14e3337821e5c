"""An admin's shift at a real line: signed in with a second factor, a call that pays, the money given back."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.async_api import Page, expect

from api.roles import Role
from rehearsal.phone import Answered
from tests.integration.line.listening import CALLER_HZ, beeps
from tests.integration.line.rig import VISA, Rig
from tests.integration.phone.browser import browser
from tests.integration.phone.staff import enter, hire, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_ADMIN = "max@example.com"


async def test_a_call_is_watched_while_it_pays_and_its_money_is_given_back(line: Rig) -> None:
    await hire(line, _ADMIN, Role.ADMIN)
    number, account = line.number(), await line.bill()
    sound = beeps(line.stack.folder / "caller.wav", CALLER_HZ)
    async with browser(sound) as chromium, line.phone(number) as caller:
        page = await chromium.new_page()
        await _sign_in_twice(page, line)
        assert isinstance(await caller.dial("1000", 10), Answered)
        card = page.get_by_role("listitem").filter(has_text=number)
        await expect(card.get_by_role("log")).to_contain_text("Hello", timeout=20_000)
        await line.pays(caller, number, account)
        await expect(card).to_contain_text("Payment card number: 16 digits ✓")
        await expect(card).to_contain_text("Captured")
        assert VISA not in await page.content()
        call = await card.get_attribute("data-call")
        await caller.hang_up()
        await page.goto(f"{line.stack.api}/calls/{call}")
        await page.get_by_role("region", name="Payment").get_by_role("link").click()
        await page.get_by_role("button", name="Refund").click()
        await (
            page.get_by_role("dialog")
            .get_by_role("button", name=re.compile(r"^Give \$125\.50 back$"))
            .click()
        )
        await expect(page.get_by_role("region", name="Refunds")).to_contain_text("$125.50", timeout=20_000)
    assert (await line.ended(number))["outcome"] == "paid"


async def _sign_in_twice(page: Page, line: Rig) -> None:
    """With the password alone, to set an app up; then with both."""
    await sign_in(page, line, _ADMIN, "/account")
    await page.get_by_role("button", name="Set up the app").click()
    app = pyotp.TOTP(await page.locator("code").inner_text())
    await page.get_by_label("Digit 1 of 6").click()
    await page.keyboard.type(app.now())
    await page.get_by_text("each of these works once").wait_for()
    await page.get_by_role("button", name="Account of Robin Example").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await page.get_by_label("E-mail").wait_for()
    await enter(page, line, _ADMIN, "/live")
    await page.get_by_label("Digit 1 of 6").click()
    await page.keyboard.type(app.at(datetime.now(UTC) + timedelta(seconds=30)))  # the first is used up
    await page.get_by_role("heading", name="Live calls").wait_for()
