"""A flow is written on the page: mistakes at their lines, a walk through it, and kept."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.integration.web.stage import Stage

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_SURVEY = Path(__file__).parents[3] / "ivr" / "written" / "examples" / "survey.yaml"


async def test_a_flow_is_written_mended_walked_through_and_kept(stage: Stage) -> None:
    page = await stage.page()
    await stage.sign_in(page, await stage.user())
    await page.goto(f"{stage.url}/flows")
    await page.get_by_role("link", name="Write a flow").click()
    text = _SURVEY.read_text("utf-8")
    await page.get_by_label("Name").fill("survey")
    field = page.get_by_label("The flow, in YAML")
    await field.fill(text.replace("paid: may_we_ask", "paid: may_we_aks"))
    mistake = page.get_by_text("there is no step may_we_aks; did you mean may_we_ask?")
    await mistake.wait_for()
    await expect(page.locator(".gutter .wrong").first).to_have_text("● 12")
    await expect(page.get_by_role("button", name="Keep")).to_be_disabled()
    await page.get_by_role("button", name="Line 12", exact=True).click()
    assert "may_we_aks" in await field.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)")
    await field.fill(text)
    await expect(page.get_by_text("No mistakes")).to_be_visible()
    steps = page.get_by_role("region", name="Steps")
    await expect(steps.get_by_role("button", name="Stars", exact=True).first).to_be_visible()
    await page.get_by_role("button", name="Begin", exact=True).click()
    walk = page.get_by_role("log")
    await expect(walk).to_contain_text("Please enter your account number")
    await page.get_by_label("Keys").fill("1234#")
    await page.keyboard.press("Enter")
    await expect(walk).to_contain_text("one hundred and twenty-five dollars")
    await page.get_by_role("button", name="Take it back").click()
    await expect(walk).not_to_contain_text("one hundred and twenty-five dollars")
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("Kept; the next call takes it").wait_for()
    assert (await stage.api.client.get("/v1/flows/survey")).status == 200
    await page.goto(f"{stage.url}/flows")
    await expect(page.get_by_role("link", name="Survey")).to_be_visible()
    assert stage.complaints == []


async def test_a_former_text_is_looked_at_and_gone_back_to_and_a_flow_taken_out_comes_back(
    stage: Stage,
) -> None:
    page = await stage.page()
    user = await stage.user()
    await stage.sign_in(page, user)
    good = _SURVEY.read_text("utf-8")
    for text in (good, good.replace("We are sorry to hear that.", "Bad luck.")):
        status, _ = await stage.api.asked("PUT", "/v1/flows/asked", {"text": text}, **{"If-Match": "*"})
        assert status == 200
    await page.goto(f"{stage.url}/flows/asked")
    former = page.get_by_role("region", name="Former texts")
    changes = former.locator("[data-accordion-control]")
    await changes.first.click()
    changed = former.get_by_label("What was changed")
    await expect(changed.locator(".removed")).to_contain_text("We are sorry to hear that.")
    await expect(changed.locator(".added")).to_contain_text("Bad luck.")
    await changes.nth(1).click()
    await former.get_by_role("button", name="Put this text into the editor").click()
    await expect(page.get_by_label("The flow, in YAML")).to_have_value(good)
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("Kept; the next call takes it").wait_for()
    await expect(former.get_by_text(user.email)).to_be_visible()
    await page.get_by_role("button", name="Take it out").click()
    await page.get_by_role("dialog").get_by_role("button", name="Take it out").click()
    await page.get_by_role("table", name="Taken out").get_by_role("link", name="Asked").click()
    await expect(page.get_by_label("Name")).to_have_value("asked")
    await changes.nth(1).click()
    await former.get_by_role("button", name="Put this text into the editor").click()
    await page.get_by_role("button", name="Keep").click()
    await page.get_by_text("Kept; the next call takes it").wait_for()
    assert (await stage.api.client.get("/v1/flows/asked")).status == 200
    assert stage.complaints == []
