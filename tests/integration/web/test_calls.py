"""Calls on the dashboard, in a real Chromium: as they come, what is done to them, what happened."""

import anyio
import pytest
from playwright.async_api import Locator, Page, expect

from core.clock import SystemClock
from core.events import CardProgress
from core.ids import CallId
from db.facts import KeptFacts
from pbx.fake.phone import Phone
from pbx.fake.switch import Answers
from tests.integration.web.seed import EVIL
from tests.integration.web.stage import Stage

pytestmark = [pytest.mark.anyio, pytest.mark.integration, pytest.mark.usefixtures("seeded")]


async def _waits(phone: Phone) -> None:
    """A caller who listens."""
    await phone.ended()


async def test_a_call_appears_as_it_comes_and_is_hung_up_from_the_page(stage: Stage) -> None:
    page = await stage.page()
    await stage.signed_in(page)
    await expect(page.get_by_text("Nobody is on the line")).to_be_visible()
    phone = stage.api.call(_waits)
    card = page.get_by_role("list", name="Live calls").get_by_role("listitem")
    await expect(card).to_contain_text("+15550101")
    await expect(card.get_by_role("log")).to_contain_text("Example Power")
    facts = KeptFacts(stage.api.work, SystemClock())
    facts.tell(CardProgress(await _id(card), "payment-card-number", "xxxxxxx", complete=False))
    await facts.flush()
    await expect(card).to_contain_text("Payment card number: 7 digits")
    await card.get_by_role("button", name="Hang up").click()
    await page.get_by_role("dialog").get_by_role("button", name="Hang up").click()
    await expect(card).to_have_count(0)
    with anyio.fail_after(10):
        await phone.ended()


async def test_a_call_is_spoken_to_sent_keys_and_told_who_was_not_reached(stage: Stage) -> None:
    stage.expected.add((409, "/v1/calls/"))  # nobody answers at the extension
    page = await stage.page()
    await stage.signed_in(page)
    phone = stage.api.call(_waits)
    card = page.get_by_role("list", name="Live calls").get_by_role("listitem")
    await card.get_by_role("link").click()
    timeline = page.get_by_role("list", name="Timeline")
    await _fill(page, "Say something", "Words", "We are still here", "Say something")
    await expect(timeline).to_contain_text("We are still here")
    await _fill(page, "Send keys", "Keys", "1#", "Send keys")
    await expect(page.get_by_text("The keys were sent")).to_be_visible()
    assert phone.call.sent_keys == "1#"
    await page.get_by_role("button", name="Language").click()
    await page.get_by_role("dialog").get_by_label("Language").select_option("es")
    await page.get_by_role("dialog").get_by_role("button", name="Go on in it").click()
    await expect(page.get_by_text("The line goes on in that language")).to_be_visible()
    waits = page.get_by_role("button", name="Wait on silence")
    await waits.click()
    await expect(page.get_by_role("button", name="Ask again on silence")).to_be_visible()
    await page.get_by_role("button", name="Transfer").click()
    await page.get_by_label("Extension or number").fill("201")
    await page.get_by_role("dialog").get_by_role("button", name="Transfer").click()
    await expect(page.get_by_role("alert").filter(has_text="201 was not reached")).to_be_visible()
    phone.hang_up()


async def test_somebody_is_called_from_the_page_and_led_through_a_flow(stage: Stage) -> None:
    stage.expected.add((409, "/v1/calls"))  # nobody answers at first
    page = await stage.page()
    await stage.signed_in(page)
    await page.get_by_role("link", name="All calls").click()
    await page.get_by_role("button", name="Call somebody").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Extension or number").fill("202")
    await form.get_by_label("Flow").select_option("pay_bill")
    await form.get_by_role("button", name="Call", exact=True).click()
    await expect(form.get_by_role("alert")).to_contain_text("202 was not reached")
    stage.api.switch.answers["202"] = Answers(_waits)
    await form.get_by_role("button", name="Call", exact=True).click()
    await page.get_by_text("They answered, and the flow began").wait_for()
    await expect(page.get_by_role("table", name="Calls").get_by_text("202").first).to_be_visible()


async def test_the_timeline_of_a_call_has_words_for_all_that_happened(stage: Stage) -> None:
    page = await stage.page()
    await stage.signed_in(page)
    await page.goto(f"{stage.url}/calls?outcome=spoke_to_agent")
    await page.get_by_role("table", name="Calls").get_by_role("link").first.click()
    timeline = page.get_by_role("list", name="Timeline")
    for told in ("Goes on in another language", "Spanish", "The caller is upset", "Call back: open"):
        await expect(timeline).to_contain_text(told)


async def test_a_script_in_a_callers_name_is_text(stage: Stage) -> None:
    page = await stage.page()
    await stage.signed_in(page)
    await page.goto(f"{stage.url}/calls")
    name = page.get_by_role("table", name="Calls").get_by_text(EVIL)
    await expect(name).to_be_visible()
    await page.get_by_role("row").filter(has_text=EVIL).get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(EVIL)
    assert await page.title() == f"{EVIL} · Tellerline"


async def _fill(page: Page, button: str, label: str, value: str, does: str) -> None:
    """Press a button that opens a form, fill the form, and send it."""
    await page.get_by_role("button", name=button, exact=True).click()
    form = page.get_by_role("dialog")
    await form.get_by_label(label).fill(value)
    await form.get_by_role("button", name=does, exact=True).click()
    await expect(form).to_have_count(0)


async def _id(card: Locator) -> CallId:
    call = await card.get_attribute("data-call")
    assert call is not None
    return CallId(call)
