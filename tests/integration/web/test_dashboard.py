"""The dashboard in a real Chromium, on the real application and PostgreSQL."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pyotp
import pytest
from playwright.async_api import Page, expect

from core.clock import SystemClock
from core.events import CardProgress
from core.ids import AccountId, CallId
from core.money import Money
from db.facts import KeptFacts
from payments.taken import Order, Paid
from pbx.fake.phone import Phone
from tests.integration.payments.branch import keyed_in
from tests.integration.web.pages import addresses
from tests.integration.web.seed import EVIL, seed
from tests.integration.web.stage import EMAIL, PASSWORD, Stage

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_GRAVE = ("serious", "critical")
_FIRST = "a first password that is long"


async def _waits(phone: Phone) -> None:
    """A caller who listens."""
    await phone.ended()


def _tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


async def _shown(page: Page, address: str) -> None:
    """Go to a page and wait until it stands still."""
    await page.goto(address)
    await page.get_by_role("heading", level=1).first.wait_for()
    await expect(page.locator(".mantine-Loader-root, .mantine-Skeleton-root[data-visible]")).to_have_count(0)


async def test_a_new_user_chooses_a_password_and_an_app_and_signs_in_with_both(stage: Stage) -> None:
    user = await stage.kept.users.add(EMAIL, "Robin Example", "finance")
    await stage.kept.users.set_password(user.id, await stage.passwords.hash("given-once"), _tomorrow())
    page = await stage.page()
    await page.goto(f"{stage.url}/")
    await stage.enter(page, "given-once")
    await page.get_by_label("Present password").fill("given-once")
    await page.get_by_label("New password").fill(_FIRST)
    await page.get_by_role("button", name="Change the password").click()
    await page.get_by_text("Your password was changed").wait_for()
    await page.get_by_role("button", name="Set up the app").click()
    app = pyotp.TOTP(await page.locator("code").inner_text())
    await page.get_by_label("Digit 1 of 6").click()
    await page.keyboard.type(app.now())
    await page.get_by_text("each of these works once").wait_for()
    await page.get_by_role("button", name="Account of Robin Example").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    later = datetime.now(UTC) + timedelta(seconds=30)  # the first code is used up
    await stage.enter(page, _FIRST, app.at(later))
    await expect(page.get_by_role("link", name="Payments")).to_be_visible()
    await expect(page.get_by_role("link", name="Users")).to_have_count(0)  # not for finance


async def test_a_wrong_second_factor_is_refused_in_words(stage: Stage) -> None:
    app = await stage.user()
    page = await stage.page()
    await page.goto(f"{stage.url}/")
    await stage.enter(page, PASSWORD, f"{(int(app.now()) + 1) % 10**6:06}")
    await expect(page.get_by_role("alert")).to_contain_text("Not signed in")


async def test_a_call_appears_as_it_comes_and_is_hung_up_from_the_page(stage: Stage) -> None:
    page = await stage.page()
    await stage.sign_in(page, await stage.user())
    await expect(page.get_by_text("Nobody is on the line")).to_be_visible()
    phone = stage.api.call(_waits)
    card = page.get_by_role("list", name="Live calls").get_by_role("listitem")
    await expect(card).to_contain_text("+15550101")
    await expect(card.get_by_role("log")).to_contain_text("Example Power")
    call = await card.get_attribute("data-call")
    assert call is not None
    facts = KeptFacts(stage.api.work, SystemClock())
    facts.tell(CardProgress(CallId(call), "payment-card-number", "xxxxxxx", complete=False))
    await facts.flush()
    await expect(card).to_contain_text("Payment card number: 7 digits")
    await card.get_by_role("button", name="Hang up").click()
    await page.get_by_role("dialog").get_by_role("button", name="Hang up").click()
    await expect(card).to_have_count(0)
    with anyio.fail_after(10):
        await phone.ended()


async def test_money_is_given_back_from_the_page(stage: Stage) -> None:
    order = Order(Money(12_550, "USD"), stage.api.vault.seal(keyed_in()), AccountId("acct_1"))
    paid = await stage.api.desk.take(order)
    assert isinstance(paid, Paid)
    page = await stage.page()
    await stage.sign_in(page, await stage.user())
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


async def test_a_script_in_a_callers_name_is_text(stage: Stage) -> None:
    await seed(stage.api, 20)
    page = await stage.page()
    await stage.sign_in(page, await stage.user())
    await _shown(page, f"{stage.url}/calls")
    await expect(page.get_by_role("table", name="Calls")).to_contain_text(EVIL)
    await _shown(page, f"{stage.url}/calls/call_0019")
    await expect(page.get_by_role("heading", level=1)).to_have_text(EVIL)
    assert await page.title() == f"{EVIL} · Tellerline"


async def test_a_payment_is_found_with_the_keyboard_alone(stage: Stage) -> None:
    await seed(stage.api, 20)
    app = await stage.user()
    page = await stage.page()
    await page.goto(f"{stage.url}/")
    await page.get_by_label("E-mail").wait_for()
    await page.keyboard.press("Tab")
    await page.keyboard.type(EMAIL)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Digit 1 of 6")).to_be_focused()
    await page.keyboard.type(app.now())
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


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 800, "light"), (390, 844, "dark")])
async def test_every_page_is_usable_by_all_and_breaks_no_policy(
    stage: Stage, width: int, height: int, scheme: str
) -> None:
    seeded = await seed(stage.api, 60)
    stage.api.call(_waits)
    page = await stage.page(width, height, scheme)
    await page.goto(f"{stage.url}/sign-in")
    await page.get_by_label("E-mail").wait_for()
    found = await _findings(page, "sign-in")
    await stage.sign_in(page, await stage.user())
    for name, address in addresses(seeded).items():
        await _shown(page, f"{stage.url}{address}")
        found += await _findings(page, name)
        wider = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{name} is {wider} pixels wider than the window"
    assert not found, "\n".join(found)
    assert not stage.complaints


async def test_the_check_finds_what_is_wrong(stage: Stage) -> None:
    page = await stage.page()
    await page.goto(f"{stage.url}/sign-in")
    await page.get_by_label("E-mail").wait_for()
    await page.evaluate("document.body.append(document.createElement('button'))")
    await page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")
    assert any("button-name" in one for one in await _findings(page, "sign-in"))
    assert any("Content Security Policy" in one for one in stage.complaints)


async def _findings(page: Page, name: str) -> list[str]:
    """What axe finds on a page that is serious or worse."""
    await page.evaluate(_AXE.read_text("utf-8"))
    told = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{name}: {one['id']} ({one['impact']}): {json.dumps([node['target'] for node in one['nodes']][:3])}"
        for one in told["violations"]
        if one["impact"] in _GRAVE
    ]


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
