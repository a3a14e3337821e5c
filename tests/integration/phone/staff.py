"""People of the house, who sign in on the page of a running line."""

from playwright.async_api import Page

from api.access.passwords import Passwords
from api.roles import Role
from core.clock import SystemClock
from db.users import StoredUsers
from tests.integration.line.rig import Rig

_PASSWORD = "correct horse battery"
ROBIN = "robin@example.com"
"""Whose extension it is that agents' calls ring at (tests/integration/line/exchange.yaml)."""


async def hire(line: Rig, email: str, role: Role) -> None:
    """Somebody new, with a password."""
    users = StoredUsers(line.work, SystemClock())
    user = await users.add(email, "Robin Example", role)
    await users.set_password(user.id, await Passwords().hash(_PASSWORD))


async def sign_in(page: Page, line: Rig, email: str, to: str) -> None:
    """Sign in, and go to a page."""
    await enter(page, line, email, to)
    await page.get_by_role("navigation", name="Pages").wait_for(state="attached")


async def enter(page: Page, line: Rig, email: str, to: str) -> None:
    """Fill the sign-in form in, on the way to a page."""
    await page.goto(f"{line.stack.api}/sign-in?next={to}")
    await page.get_by_label("E-mail").fill(email)
    await page.locator("input[type=password]").fill(_PASSWORD)
    await page.keyboard.press("Enter")
