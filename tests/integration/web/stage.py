"""The whole application behind its door, on a port of its own, and a Chromium that looks at it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import pyotp
from argon2 import PasswordHasher
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

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
CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_WAIT_MS = 20_000
_STEP = timedelta(seconds=30)
_SESSION = "/v1/session"


@dataclass(frozen=True)
class Person:
    """A user of the dashboard, the app on their telephone, and the codes for when that is lost."""

    email: str
    app: pyotp.TOTP
    codes: Sequence[str]


@dataclass
class Stage:
    """The application, whoever is on it, and the browser."""

    url: str
    api: Api
    kept: Stores
    passwords: Passwords
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    """What the browser said against a page: refused by the policy, a script or an answer that failed."""
    expected: set[tuple[int, str]] = field(default_factory=set)
    """Answers that are meant to fail in the test that runs: the status, and how the path begins."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def address(self) -> str:
        """An e-mail address that nobody else has here."""
        return f"robin{next(self._numbers)}@example.com"

    async def user(self, role: str = "admin") -> Person:
        """A user with a password and an app; its codes are good from this moment on."""
        email = self.address()
        user = await self.kept.users.add(email, "Robin Example", role)
        await self.kept.users.set_password(user.id, await self.passwords.hash(PASSWORD))
        app = pyotp.TOTP(new_secret())
        await self.kept.factors.begin_totp(user.id, app.secret)
        now = datetime.now(UTC)
        step, codes = step_of(app.secret, app.at(now - _STEP), now), recovery_codes()
        assert step is not None
        assert await self.kept.factors.confirm_totp(user.id, step, codes)
        return Person(email, app, codes)

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
        page.on("console", lambda said: self._hear(page.url, said))
        return page

    async def signed_in(self, page: Page, role: str = "admin") -> Person:
        """Somebody new, who signs in."""
        person = await self.user(role)
        await self.sign_in(page, person)
        return person

    async def sign_in(self, page: Page, person: Person) -> None:
        """By hand, with the password and the app's digits."""
        await page.goto(f"{self.url}/")
        await self.enter(page, person.email, PASSWORD, person.app.now())
        await page.get_by_role("navigation", name="Pages").wait_for(state="attached")

    async def enter(self, page: Page, email: str, password: str, code: str = "") -> None:
        """Fill the sign-in form, and the digits where they are asked for."""
        await page.get_by_label("E-mail").fill(email)
        await page.locator("input[autocomplete=current-password]").fill(password)
        await page.get_by_role("button", name="Sign in").click()
        if code:
            await page.get_by_label("Digit 1 of 6").click()
            await page.keyboard.type(code)

    def _hear(self, where: str, said: ConsoleMessage) -> None:
        if said.type == "error" and not self._meant(said):
            self.complaints.append(f"{where}: {said.text} ({said.location['url']})")

    def _meant(self, said: ConsoleMessage) -> bool:
        """An answer that is meant to fail: before signing in nobody is signed in, to begin with."""
        path = urlsplit(said.location["url"]).path
        return any(
            f"status of {status} " in said.text and path.startswith(begins)
            for status, begins in {(401, _SESSION), *self.expected}
        )


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
