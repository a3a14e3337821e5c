"""A call is passed on from the dashboard to a SIP telephone that answers."""

import anyio
import pytest
from playwright.async_api import expect

from api.roles import Role
from rehearsal.phone import Answered
from tests.integration.line.listening import AGENT_HZ, CALLER_HZ, beeps, heard
from tests.integration.line.rig import Rig
from tests.integration.phone.browser import browser
from tests.integration.phone.staff import hire, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_SUPERVISOR = "sam@example.com"


async def test_a_call_that_is_passed_on_from_its_page_goes_on_with_the_extension(line: Rig) -> None:
    await hire(line, _SUPERVISOR, Role.ADMIN)
    number = line.number()
    spoken = [beeps(line.stack.folder / f"{hertz}.wav", hertz) for hertz in (CALLER_HZ, AGENT_HZ)]
    async with (
        browser(spoken[0]) as chromium,
        line.extension("202") as other,
        line.phone(number) as caller,
    ):
        page = await chromium.new_page()
        await sign_in(page, line, _SUPERVISOR, "/live")
        assert isinstance(await caller.dial("1000", 10), Answered)
        await page.get_by_role("link", name=number).click(timeout=20_000)
        timeline = page.get_by_role("list", name="Timeline")
        await timeline.wait_for()
        await page.get_by_role("button", name="Transfer").click()
        form = page.get_by_role("dialog")
        await form.get_by_label("Extension or number").fill("299")
        await form.get_by_role("button", name="Transfer").click()
        await expect(form.get_by_role("alert")).to_contain_text("299 was not reached", timeout=20_000)
        await form.get_by_label("Extension or number").fill("202")
        await form.get_by_role("button", name="Transfer").click()
        await page.get_by_text("The call was passed on").wait_for(timeout=20_000)
        await expect(timeline).to_contain_text("Handed over to 202", timeout=20_000)
        await expect(timeline).to_contain_text("Call ended: transferred", timeout=20_000)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(caller.speak, spoken[0])
            tasks.start_soon(other.speak, spoken[1])
        await heard(other, CALLER_HZ)
        await heard(caller, AGENT_HZ)
        await other.hang_up()
        with anyio.fail_after(10):
            assert (await caller.closed()).by_line
    facts = [row["body"] for row in await line.facts(number) if row["kind"] == "call_handed_over"]
    assert facts == [{"to": "202", "result": "transferred"}]
    assert (await line.ended(number))["outcome"] == "transferred"
    await line.channels(0)
