"""An agent in a browser takes a call from a SIP telephone, talks, and sees a card as it is keyed in."""

import anyio
import pytest
from playwright.async_api import Page, expect

from api.roles import Role
from rehearsal.phone import Answered, Phone
from tests.integration.line.listening import AGENT_HZ, CALLER_HZ, beeps, heard, keys, level, longest_run, read
from tests.integration.line.rig import QUICKLY, VISA, Rig
from tests.integration.phone.browser import browser, hears
from tests.integration.phone.staff import ROBIN, hire, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_LOUD = 0.001  # of full scale, squared


async def test_a_card_is_taken_while_both_talk_and_the_agent_sees_no_digit(line: Rig) -> None:
    await hire(line, ROBIN, Role.AGENT)
    number = line.number()
    async with (
        browser(beeps(line.stack.folder / "agent.wav", AGENT_HZ)) as chromium,
        line.phone(number) as caller,
        anyio.create_task_group() as tasks,
    ):
        page = await chromium.new_page()
        await sign_in(page, line, ROBIN, "/agent")
        await expect(page.get_by_role("status").filter(has_text="Ready")).to_be_visible(timeout=20_000)
        assert isinstance(await caller.dial("1001", 10), Answered)
        await page.get_by_role("button", name="Answer").click(timeout=20_000)
        await line.handed_over(number, "joined")
        await expect(page.get_by_role("region", name="The caller")).to_contain_text(number)
        tasks.start_soon(caller.speak, beeps(line.stack.folder / "caller.wav", CALLER_HZ))
        await hears(page)
        await heard(caller, AGENT_HZ)
        await _take_card(page, caller)
        assert VISA not in await page.content()
        await page.get_by_role("button", name="Hang up").click()
    (payment,) = await line.rows("SELECT state, amount_minor, last4 FROM payments")
    assert payment == {"state": "captured", "amount_minor": 1250, "last4": "4242"}
    session = await line.ended(number)
    assert session["outcome"] == "spoke_to_agent"
    recorded = read(line.stack.asterisk.spool / "recording" / f"{session['id']}.wav")
    for hertz in (CALLER_HZ, AGENT_HZ):
        assert level(recorded, hertz) > _LOUD, f"{hertz} Hz are not in Asterisk's recording"
    assert longest_run(keys(recorded), VISA) < 4


async def _take_card(page: Page, caller: Phone) -> None:
    await page.get_by_label("Amount").fill("12.50")
    await page.get_by_role("button", name="Take a card").click()
    for field, pressed in (
        ("payment-card-number", f"{VISA}#"),
        ("expiration-date", "1230"),
        ("security-code", "123"),
    ):
        row = page.locator(f"[data-field={field}]")
        await row.get_by_role("button", name="Ask for it").click(timeout=15_000)
        await anyio.sleep(1)
        await caller.press(pressed, QUICKLY)
        await expect(row).to_have_attribute("data-done", "true", timeout=15_000)
    await expect(page.locator("[data-field=payment-card-number]")).to_contain_text("************4242")
    await page.get_by_role("button", name="Charge the card").click()
    await expect(page.get_by_text("Confirmation code")).to_be_visible(timeout=30_000)
