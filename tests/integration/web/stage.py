"""The whole application behind its door, on a port of its own, and a Chromium that looks at it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pyotp
from argon2 import PasswordHasher
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from api import site
from api.access.passwords import Passwords
from api.access.totp import new_secret, recovery_codes, step_of
from api.app import serving
from api.route import TABLE
from core.clock import SystemClock
from db.answers import StoredAnswers
from db.engine import Work
from node.access import Stores, access, stores
from node.http import serve
from node.settings import ApiSettings, LineSettings, Settings
from node.stack.ports import HOST, free_ports
from tests.integration.api.rig import Api, open_api

PASSWORD = "seven quiet otters"
EMAIL = "robin@example.com"
CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_WAIT_MS = 20_000
_EXPECTED = ("status of 401", "status of 404")
"""Nobody is signed in yet; this line has no telephones for agents."""
_STEP = timedelta(seconds=30)


@dataclass
class Stage:
    """The application, whoever is on it, and the browser."""

    url: str
    api: Api
    kept: Stores
    passwords: Passwords
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    """What the browser said against a page: refused by the policy, a script that failed."""

    async def user(self, role: str = "admin", email: str = EMAIL) -> pyotp.TOTP:
        """A user with a password and an app; its codes are good from this moment on."""
        user = await self.kept.users.add(email, "Robin Example", role)
        await self.kept.users.set_password(user.id, await self.passwords.hash(PASSWORD))
        app = pyotp.TOTP(new_secret())
        await self.kept.factors.begin_totp(user.id, app.secret)
        now = datetime.now(UTC)
        step = step_of(app.secret, app.at(now - _STEP), now)
        assert step is not None
        assert await self.kept.factors.confirm_totp(user.id, step, recovery_codes())
        return app

    async def page(self, width: int = 1280, height: int = 800, scheme: str = "light") -> Page:
        """A browser of its own, with nothing kept."""
        context: BrowserContext = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            timezone_id="America/New_York",
            locale="en-US",
        )
        context.set_default_timeout(_WAIT_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._hear(page.url, said.type, said.text))
        return page

    async def sign_in(self, page: Page, app: pyotp.TOTP) -> None:
        """By hand, with the password and the app's digits."""
        await page.goto(f"{self.url}/")
        await self.enter(page, PASSWORD, app.now())
        await page.get_by_role("navigation", name="Pages").wait_for(state="attached")

    async def enter(self, page: Page, password: str, code: str = "") -> None:
        """Fill the sign-in form, and the digits where they are asked for."""
        await page.get_by_label("E-mail").fill(EMAIL)
        await page.locator("input[autocomplete=current-password]").fill(password)
        await page.get_by_role("button", name="Sign in").click()
        if code:
            await page.get_by_label("Digit 1 of 6").click()
            await page.keyboard.type(code)

    def _hear(self, where: str, kind: str, said: str) -> None:
        if kind == "error" and not any(one in said for one in _EXPECTED):
            self.complaints.append(f"{where}: {said}")


OpenStage = Callable[[], Awaitable[Stage]]


@asynccontextmanager
async def open_stage(work: Work, url: str, folder: Path) -> AsyncIterator[Stage]:
    """It is up for as long as the `async with` lasts."""
    assert site.built() is not None, "the dashboard is not built: run `make web`"
    assert CHROMIUM.exists(), "there is no Chromium: run `make chromium`"
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1))
    async with open_api(work, url, folder, live=True) as api, async_playwright() as playwright:
        ports, clock = free_ports(), SystemClock()
        settings = Settings(
            line=LineSettings(data=folder),
            api=ApiSettings(host=HOST, port=ports.api, sign_ins_per_minute=1000),
        )
        door = access(settings, work, clock, api.people, cheap).door
        app = serving(list(api.app[TABLE].values()), door, StoredAnswers(work, clock))
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        async with anyio.create_task_group() as tasks:
            await tasks.start(serve, app, settings.api)
            kept = stores(settings, work, clock, api.people)
            yield Stage(f"http://localhost:{ports.api}", api, kept, cheap, browser)
            await browser.close()
            tasks.cancel_scope.cancel()
