"""A supervisor at the dashboard hears a call that is up on a real Asterisk."""

import anyio
import pytest
from playwright.async_api import expect

from api.roles import Role
from rehearsal.phone import Answered
from tests.integration.line.listening import CALLER_HZ, beeps
from tests.integration.line.rig import Rig
from tests.integration.phone.browser import browser, hears
from tests.integration.phone.staff import hire, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_SUPERVISOR = "kim@example.com"


async def test_a_supervisor_hears_a_call_in_the_browser_until_it_is_over(line: Rig) -> None:
    await hire(line, _SUPERVISOR, Role.ADMIN)
    number, sound = line.number(), beeps(line.stack.folder / "caller.wav", CALLER_HZ)
    async with browser(sound) as chromium, line.phone(number) as caller, anyio.create_task_group() as tasks:
        page = await chromium.new_page()
        await sign_in(page, line, _SUPERVISOR, "/live")
        await expect(page.get_by_role("status").get_by_text("Live", exact=True)).to_be_visible(timeout=20_000)
        assert isinstance(await caller.dial("1000", 10), Answered)
        tasks.start_soon(caller.speak, sound)
        await page.get_by_role("button", name="Listen").click(timeout=20_000)
        await hears(page, "The call")
        await caller.hang_up()
        await expect(page.get_by_role("dialog")).to_have_count(0, timeout=20_000)  # it goes with its call
