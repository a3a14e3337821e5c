"""Somebody who never saw the line opens its page, presses Call, and pays a bill by the keypad on it."""

import pytest
from playwright.async_api import Page, expect

from tests.integration.line.listening import CALLER_HZ, beeps
from tests.integration.line.rig import PAID_ONCE, VISA, Rig
from tests.integration.phone.browser import browser, hears

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_a_bill_is_paid_from_the_browser_and_every_step_is_seen(line: Rig) -> None:
    account = await line.bill()
    async with browser(beeps(line.stack.folder / "microphone.wav", CALLER_HZ)) as chromium:
        page = await chromium.new_page()
        await page.goto(f"{line.stack.api}/call")
        await page.get_by_role("button", name="Call 1000").click()
        await expect(page.get_by_role("status")).to_have_text("Talking")
        await hears(page)
        await _asked(page, line, "ask_account", f"{account}#")
        await _asked(page, line, "ask_how_much", "1")
        await _asked(page, line, "card_number", f"{VISA}#")
        await _asked(page, line, "card_expiry", "1230")
        await _asked(page, line, "card_code", "123")
        steps = page.get_by_role("log", name="What happens")
        await expect(steps).to_contain_text("Payment captured", timeout=20_000)
        await expect(steps).to_contain_text("16 digits")
        assert "4242424242" not in await page.content()
        await line.said("302", "paid", within_s=40)
        await page.get_by_role("button", name="Hang up").click()
        await expect(page.get_by_role("status")).to_have_text("Ready")
    await line.settled(account, PAID_ONCE)
    assert (await line.ended("302"))["outcome"] == "paid"


async def test_keys_of_the_keyboard_are_keys_of_the_telephone(line: Rig) -> None:
    async with browser(beeps(line.stack.folder / "microphone.wav", CALLER_HZ)) as chromium:
        page = await chromium.new_page()
        await page.goto(f"{line.stack.api}/call")
        call = page.get_by_role("button", name="Call 1000")
        await expect(call).to_be_enabled()
        await call.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Talking")
        await line.said("302", "ask_account")
        await page.keyboard.type("99999999#", delay=250)
        steps = page.get_by_role("log", name="What happens")
        await expect(steps).to_contain_text("Pressed 9 keys", timeout=20_000)
        await page.close()  # which hangs up
    assert (await line.ended("302"))["outcome"] == "hung_up"


async def _asked(page: Page, line: Rig, prompt: str, keys: str) -> None:
    await line.said("302", prompt)
    for key in keys:
        name = {"#": "Pound", "*": "Star"}.get(key, key)
        await page.get_by_role("button", name=name, exact=True).click(delay=120)
