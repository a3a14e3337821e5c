"""Signing in to the dashboard, in a real Chromium: passwords, apps, passkeys, and being shut out."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.async_api import Page, expect

from tests.integration.web.stage import PASSWORD, Stage

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_FIRST = "a first password that is long"
_TRIES = 10
_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def test_a_new_user_chooses_a_password_and_an_app_and_signs_in_with_both(stage: Stage) -> None:
    email = stage.address()
    user = await stage.kept.users.add(email, "Robin Example", "finance")
    await stage.kept.users.set_password(user.id, await stage.passwords.hash("given-once"), _tomorrow())
    page = await stage.page()
    await page.goto(f"{stage.url}/")
    await stage.enter(page, email, "given-once")
    await page.get_by_label("Present password").fill("given-once")
    await page.get_by_label("New password").fill(_FIRST)
    await page.get_by_role("button", name="Change the password").click()
    await page.get_by_text("Your password was changed").wait_for()
    await page.get_by_role("button", name="Set up the app").click()
    app = pyotp.TOTP(await page.locator("code").inner_text())
    await page.get_by_label("Digit 1 of 6").click()
    await page.keyboard.type(app.now())
    await page.get_by_text("each of these works once").wait_for()
    await _sign_out(page)
    later = datetime.now(UTC) + timedelta(seconds=30)  # the first code is used up
    await stage.enter(page, email, _FIRST, app.at(later))
    await expect(page.get_by_role("link", name="Payments")).to_be_visible()
    await expect(page.get_by_role("link", name="Users")).to_have_count(0)  # not for finance


async def test_a_wrong_second_factor_is_refused_in_words(stage: Stage) -> None:
    person = await stage.user()
    page = await stage.page()
    await page.goto(f"{stage.url}/")
    await stage.enter(page, person.email, PASSWORD, f"{(int(person.app.now()) + 1) % 10**6:06}")
    await expect(page.get_by_role("alert")).to_contain_text("Not signed in")


async def test_a_recovery_code_signs_in_once_in_place_of_the_app(stage: Stage) -> None:
    person, page = await stage.user(), await stage.page()
    await page.goto(f"{stage.url}/")
    for works in (True, False):
        await stage.enter(page, person.email, PASSWORD)
        await page.get_by_role("button", name="Use a recovery code instead").click()
        await page.get_by_label("Recovery code").fill(person.codes[0])
        await page.get_by_role("button", name="Sign in").click()
        if works:
            await _sign_out(page)
    await expect(page.get_by_role("alert")).to_contain_text("Not signed in")


async def test_a_passkey_is_made_signs_in_and_is_asked_for_before_the_app(stage: Stage) -> None:
    page = await stage.page()
    browser = await page.context.new_cdp_session(page)
    await browser.send("WebAuthn.enable")
    await browser.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    person = await stage.signed_in(page)
    await page.goto(f"{stage.url}/account")
    await page.get_by_role("button", name="Add a passkey").click()
    await page.get_by_text("The passkey is asked for at the next sign-in").wait_for()
    await _sign_out(page)
    await stage.enter(page, person.email, PASSWORD)
    await expect(page.get_by_role("button", name="Use the authenticator app instead")).to_be_visible()
    await page.get_by_role("button", name="Use your security key", exact=True).click()
    await expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    await page.goto(f"{stage.url}/account")
    await page.get_by_role("button", name="Remove", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("button", name="Add a passkey")).to_be_visible()


async def test_a_passkey_that_this_browser_does_not_have_signs_nobody_in(stage: Stage) -> None:
    with_key = await stage.page()
    browser = await with_key.context.new_cdp_session(with_key)
    await browser.send("WebAuthn.enable")
    await browser.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    person = await stage.signed_in(with_key)
    await with_key.goto(f"{stage.url}/account")
    await with_key.get_by_role("button", name="Add a passkey").click()
    await with_key.get_by_text("The passkey is asked for at the next sign-in").wait_for()
    page = await stage.page()
    other = await page.context.new_cdp_session(page)
    await other.send("WebAuthn.enable")
    await other.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    await page.goto(f"{stage.url}/")
    await stage.enter(page, person.email, PASSWORD)
    await page.get_by_role("button", name="Use your security key", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("Not signed in")


async def test_who_leaves_the_page_alone_for_a_quarter_of_an_hour_is_signed_out(stage: Stage) -> None:
    page = await stage.page()
    await page.clock.install()
    await stage.signed_in(page)
    await page.mouse.move(10, 10)
    await page.clock.fast_forward("14:30")
    await expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    await page.clock.fast_forward("00:40")
    await expect(page.get_by_text("so it signed out")).to_be_visible()
    await page.goto(f"{stage.url}/payments")
    await expect(page.get_by_role("heading", name="Sign in to Tellerline")).to_be_visible()


async def test_who_guesses_is_shut_out_and_told_for_how_long(stage: Stage) -> None:
    stage.expected.add((429, "/v1/session"))
    person = await stage.user()
    page = await stage.page()
    await page.goto(f"{stage.url}/")
    told = page.get_by_role("alert")
    for _ in range(_TRIES):
        async with page.expect_response("**/v1/session"):
            await stage.enter(page, person.email, "not the password")
    await stage.enter(page, person.email, PASSWORD)  # the right one does not help now
    await expect(told).to_contain_text("this address is locked for 30 minutes")


async def _sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Account of Robin Example").click()
    await page.get_by_role("menuitem", name="Sign out").click()


def _tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)
