"""Money on the dashboard, in a real Chromium: given back, charged again, settled, and found by keyboard."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from core.ids import AccountId
from core.money import Money
from payments.taken import Order, Paid
from tests.integration.payments.branch import keyed_in
from tests.integration.web.seed_books import Charge, report
from tests.integration.web.stage import PASSWORD, Stage

pytestmark = [pytest.mark.anyio, pytest.mark.integration, pytest.mark.usefixtures("seeded")]


async def test_money_is_given_back_from_the_page(stage: Stage) -> None:
    order = Order(Money(12_550, "USD"), stage.api.vault.seal(keyed_in()), AccountId("acct_1"))
    paid = await stage.api.desk.take(order)
    assert isinstance(paid, Paid)
    page = await stage.page()
    await stage.signed_in(page)
    await page.get_by_role("link", name="Payments").click()
    await page.get_by_role("table", name="Payments").get_by_role("link").first.click()
    await page.get_by_role("button", name="Refund").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Amount in USD").fill("25.50")
    await form.get_by_label("Reason").fill("paid twice")
    await form.get_by_role("button", name="Give $25.50 back").click()
    await expect(page.get_by_role("region", name="Refunds")).to_contain_text("$25.50")
    after = await stage.api.stores.payments.find(paid.payment.id)
    assert after is not None
    assert (after.returned_minor, after.state.value) == (2550, "partially_refunded")


async def test_a_report_is_brought_in_and_its_differences_are_told(stage: Stage) -> None:
    page = await stage.page()
    await stage.signed_in(page, "finance")
    await page.get_by_role("link", name="Settlements").click()
    rows = page.get_by_role("table", name="Settlements").get_by_role("row")
    before = await _rows(rows)
    await page.get_by_role("button", name="Bring a report in").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Gateway").select_option("sandbox")
    lines = report(datetime.now(UTC), Charge("ch_2002", "", 4_400)).replace(b"payout-7", b"payout-8")
    file = FilePayload(name="payout.csv", mimeType="text/csv", buffer=lines)
    await form.locator("input[type=file]").set_input_files(file)
    await form.get_by_role("button", name="Bring it in").click()
    found = page.get_by_role("region", name="Differences")
    await expect(found).to_contain_text("Not ours")
    await expect(found).to_contain_text("ch_2002")
    await expect(rows).to_have_count(before + 1)
    await page.get_by_role("link", name="payout-8").click()
    await expect(page.get_by_role("table", name="Lines")).to_contain_text("$44.00")


async def test_what_never_passes_is_put_on_a_list_and_taken_off(stage: Stage) -> None:
    page = await stage.page()
    await stage.signed_in(page, "finance")
    await page.goto(f"{stage.url}/fraud?tab=lists")
    rows = page.get_by_role("table", name="Always and never").get_by_role("row")
    before = await _rows(rows)
    await page.get_by_role("button", name="New entry").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Which one").fill("+15550142")
    await form.get_by_label("Why").fill("guesses cards")
    await form.get_by_role("button", name="Put it on the list").click()
    entry = rows.filter(has_text="guesses cards")
    await expect(entry).to_contain_text("Never passes")
    await entry.get_by_role("button", name="Take off").click()
    await page.get_by_role("dialog").get_by_role("button", name="Take off").click()
    await expect(rows).to_have_count(before)


async def test_a_stored_card_is_charged_and_forgotten(stage: Stage) -> None:
    page = await stage.page()
    await stage.signed_in(page, "finance")
    await page.get_by_role("link", name="Stored cards").click()
    card = page.get_by_role("table", name="Stored cards").get_by_role("row").filter(has_text="4240")
    await card.get_by_role("button", name="Charge").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Amount").fill("12.50")
    await form.get_by_role("button", name="Charge the card").click()
    await expect(form.get_by_role("status")).to_be_visible()
    await form.get_by_role("button", name="Close").click()
    await card.get_by_role("button", name="Forget").click()
    await page.get_by_role("dialog").get_by_role("button", name="Forget").click()
    await expect(card).to_have_count(0)


async def test_a_dispute_is_answered_with_evidence(stage: Stage) -> None:
    page = await stage.page()
    await stage.signed_in(page, "finance")
    await page.get_by_role("link", name="Disputes").click()
    row = page.get_by_role("table", name="Disputes").get_by_role("row").filter(has_text="Fraudulent")
    await row.get_by_role("button", name="Evidence").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("What speaks against").fill("The caller keyed the card in themselves.")
    await form.get_by_role("button", name="Hand it in").click()
    await expect(row).to_contain_text("Evidence · Done")
    await expect(row.get_by_role("button")).to_have_text(["Give up"])


async def test_an_endpoint_gets_a_new_secret_and_is_told_no_longer(stage: Stage) -> None:
    page = await stage.page()
    await stage.signed_in(page, "telecom")
    await page.get_by_role("link", name="Webhooks").click()
    row = page.get_by_role("table", name="Endpoints").get_by_role("row").filter(has_text="example.com")
    await row.get_by_role("button", name="New secret").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("button", name="Make a new secret").click()
    await expect(form.locator("code")).to_contain_text("whsec_")
    await form.get_by_role("button", name="Close").click()
    await row.get_by_role("button", name="Disable").click()
    await page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    await expect(row).to_contain_text("Disabled")
    await row.get_by_role("button", name="Enable").click()
    await page.get_by_role("dialog").get_by_role("button", name="Enable").click()
    await expect(row).to_contain_text("Active")


async def test_an_endpoint_is_told_of_more_topics_by_the_keyboard_and_by_the_mouse(stage: Stage) -> None:
    page = await stage.page()
    await stage.signed_in(page, "telecom")
    await page.get_by_role("link", name="Webhooks").click()
    row = page.get_by_role("table", name="Endpoints").get_by_role("row").filter(has_text="example.com")
    await row.get_by_role("button", name="Topics").click()
    form = page.get_by_role("dialog")
    topics = form.get_by_role("combobox", name="Topics")
    await topics.fill("capture.ended")
    await topics.press("ArrowDown")
    await topics.press("Enter")
    await topics.fill("conversation.step")
    await page.get_by_role("option", name="conversation.step").click()
    await topics.press("Tab")
    await form.get_by_role("button", name="Keep").click()
    await expect(row).to_contain_text("capture.ended, conversation.step")


async def test_a_payment_is_found_with_the_keyboard_alone(stage: Stage) -> None:
    person = await stage.user()
    page = await stage.page()
    await page.goto(f"{stage.url}/")
    await page.get_by_label("E-mail").wait_for()
    await page.keyboard.press("Tab")
    await page.keyboard.type(person.email)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Digit 1 of 6")).to_be_focused()
    await page.keyboard.type(person.app.now())
    await page.get_by_role("heading", name="Live calls").wait_for()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await _tab_to(page, "Payments")
    await page.keyboard.press("Enter")
    await page.get_by_role("table", name="Payments").get_by_role("link").first.wait_for()
    await _tab_to(page, "Search")
    await page.keyboard.type("no such receipt")
    await expect(page.get_by_text("No payment fits these filters.")).to_be_visible()
    await page.keyboard.press("Control+A")
    await page.keyboard.press("Delete")
    await page.get_by_role("table", name="Payments").get_by_role("link").first.wait_for()
    await _tab_to(page, "CSV")
    async with page.expect_download() as saved:
        await page.keyboard.press("Enter")
    text = Path(await (await saved.value).path()).read_text("utf-8")
    assert text.startswith("id,")


async def test_figures_are_read_as_a_table_and_saved_by_the_keyboard(stage: Stage) -> None:
    page = await stage.page()
    await stage.signed_in(page)
    await page.goto(f"{stage.url}/analytics")
    charts = (
        "Calls and payments by day",
        "How calls ended",
        "Declined, by reason",
        "Where callers give up",
        "Latency of a turn",
        "Understood when spoken, by question",
        "Gateways: success and cost",
    )
    for title in charts:
        await page.get_by_role("button", name=f"Show as a table: {title}").press("Enter")
        await expect(page.get_by_role("table", name=title).get_by_role("row").nth(1)).to_be_visible()
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="CSV: Declined, by reason").press("Enter")
    heads, *reasons = Path(await (await saved.value).path()).read_text("utf-8").splitlines()
    assert heads == "Reason,Calls"
    assert reasons
    for figure in ("Answered", "Without a person", "Paid", "Taken"):
        await expect(page.get_by_text(figure, exact=True).first).to_be_visible()


async def _rows(rows: Locator) -> int:
    """How many rows a table has once it is filled."""
    await rows.get_by_role("cell").filter(has_text=re.compile(r"\S")).first.wait_for()
    return await rows.count()


async def _tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until what has this name has the focus."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        if await page.evaluate(_NAME) == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


_NAME = """(() => {
  const one = document.activeElement;
  return (one?.labels?.[0]?.innerText || one?.getAttribute('aria-label') || one?.innerText || '').trim();
})()"""
