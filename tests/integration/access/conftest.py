"""The real application on a port of its own, on the real PostgreSQL, in a time that tests move."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import pyotp
import pytest
from aiohttp import web
from argon2 import PasswordHasher

from api.access.passwords import Passwords
from api.app import serving
from api.route import AnyRoute, Asked, Table
from api.routes.users import give_one_time_password
from core.clock import FixedClock
from db.answers import StoredAnswers
from db.audit_list import AuditFilter, AuditList, AuditRow
from db.engine import Work
from db.users import User
from node.access import Access, Stores, access, routes, stores
from node.http import serve
from node.opened import every_route
from node.settings import ApiSettings, LineSettings, Settings
from node.stack.ports import HOST, free_ports

PASSWORD = "seven quiet otters"
_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Visitor:
    """A browser: keeps its cookie, and sends the token of its page with what it changes."""

    url: str
    http: aiohttp.ClientSession
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> "Answer":
        """Ask; `headers` with underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {**self.headers, **({"X-CSRF-Token": self.csrf} if self.csrf else {}), **named}
        async with self.http.request(method, f"{self.url}{path}", json=body, headers=sent) as answer:
            text = await answer.text()
            return Answer(answer.status, answer.headers.copy(), text)

    async def get(self, path: str, **headers: str) -> "Answer":
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, body: object = None, **headers: str) -> "Answer":
        return await self.ask("POST", path, {} if body is None else body, **headers)

    async def sign_in(self, email: str, password: str = PASSWORD) -> "Answer":
        """The first step, and the token of the page where it was the only one."""
        answer = await self.post("/v1/session", {"email": email, "password": password})
        await self.look()
        return answer

    async def look(self) -> None:
        """Read the token of the page, as the page does when it opens."""
        shown = await self.get("/v1/session")
        self.csrf = shown.json["csrf"] if shown.status == 200 else ""

    @property
    def cookie(self) -> str:
        return next((one.value for one in self.http.cookie_jar if one.key == "tellerline_session"), "")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any  # a multidict
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The problem's code."""
        return str(self.json["code"])


@dataclass
class House:
    """The application, and what stands behind it."""

    url: str
    settings: Settings
    work: Work
    clock: FixedClock
    stores: Stores
    access: Access
    sessions: list[aiohttp.ClientSession]

    def visitor(self, **headers: str) -> Visitor:
        """Somebody with a browser, or a program with these headers."""
        jar = aiohttp.CookieJar(unsafe=True)
        http = aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=20))
        self.sessions.append(http)
        return Visitor(self.url, http, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def program(self, key: str) -> Visitor:
        """A program with a key or a token."""
        return self.visitor(Authorization=f"Bearer {key}")

    async def user(self, email: str, role: str = "admin", password: str = PASSWORD) -> User:
        """A user who has chosen a password."""
        users = self.stores.users
        user = await users.add(email, "", role)
        await users.set_password(user.id, await self.access.rooms.staff.passwords.hash(password))
        return await users.named(email)

    async def once(self, user: User) -> str:
        """A one-time password."""
        return await give_one_time_password(
            self.stores.users, self.access.rooms.staff.passwords, user, self.clock
        )

    async def signed_in(self, email: str, role: str = "admin") -> Visitor:
        """A new user, signed in."""
        await self.user(email, role)
        visitor = self.visitor()
        answer = await visitor.sign_in(email)
        assert answer.status == 200, answer.text
        return visitor

    async def with_app(self, visitor: Visitor) -> tuple[pyotp.TOTP, list[str]]:
        """Give whoever is signed in an app with codes; its recovery codes."""
        made = (await visitor.post("/v1/users/me/totp")).json
        app = pyotp.TOTP(made["secret"])
        done = await visitor.ask("PUT", "/v1/users/me/totp", {"code": app.at(self.clock.now())})
        assert done.status == 200, done.text
        return app, done.json["recovery_codes"]

    async def rows(self, action: str) -> list[AuditRow]:
        """What the audit log has of an action, oldest first."""
        return list(reversed(await AuditList(self.work).page(AuditFilter(action=action), 1000)))


OpenHouse = Callable[..., Awaitable[House]]


@pytest.fixture
async def opened(work: Work, tmp_path: Path) -> AsyncIterator[OpenHouse]:
    """Opens houses; ask with other API settings or with routes of one's own."""
    sessions: list[aiohttp.ClientSession] = []
    async with anyio.create_task_group() as tasks:

        async def open_house(table: Table | None = None, **api: Any) -> House:
            ports = free_ports()
            chosen = {"second_factor": False, "sign_ins_per_minute": 1000, "key": "0" * 64, **api}
            settings = Settings(
                line=LineSettings(data=tmp_path), api=ApiSettings(host=HOST, port=ports.api, **chosen)
            )
            clock = FixedClock(_NOON)
            cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1))
            entry = access(settings, work, clock, None, cheap)
            app = serving(
                table or routes(entry.rooms), entry.door, StoredAnswers(work, clock), entry.door.still
            )
            await tasks.start(serve, app, settings.api)
            kept = stores(settings, work, clock)
            url = f"http://localhost:{ports.api}"
            return House(url, settings, work, clock, kept, entry, sessions)

        yield open_house
        for one in sessions:
            await one.close()
        tasks.cancel_scope.cancel()


@pytest.fixture
async def house(opened: OpenHouse) -> House:
    """The usual one."""
    return await opened()


async def _nothing(_asked: Asked[Any, Any]) -> web.Response:
    return web.Response(status=204)


def doors() -> list[AnyRoute]:
    """Every route of the line, with nothing behind it: whoever gets through has come through the gate."""
    return [
        replace(one, handler=_nothing, query=None, body=None, reads_body=True, csv=False, replays=False)
        for one in every_route()
    ]
