"""A private line, part by part: each is started, killed and started again on its own."""

import secrets
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import anyio

from dialplan.check import write
from dialplan.read import read as read_exchange
from dialplan.render import render
from node.api_access import trusted
from node.flows import names
from node.parts.asterisk import Asterisk
from node.parts.folder import local_folder
from node.parts.postgres import Postgres
from node.parts.program import Part, find
from node.settings import read
from node.stack.child import Child
from node.stack.ports import HOST, Ports
from node.stack.settings_file import write_settings

EXCHANGE = Path(__file__).parents[2] / "dialplan" / "example.yaml"
_CALLERS = {"trunks.callers.kind": "peer", "trunks.callers.host": HOST, "trunks.callers.dtmf": "auto"}
_ASK = aiohttp.ClientTimeout(total=2)


@dataclass(frozen=True, slots=True)
class Wish:
    """What may differ from one private line to another."""

    exchange: Path = EXCHANGE
    overrides: Mapping[str, str] | None = None  # of the exchange file, by dotted keys
    environment: Mapping[str, str] | None = None  # of the controller
    durable: bool = True
    from_asterisk: bool = False
    callers: bool = False  # whether anybody on this machine may call, under any number
    files: Mapping[str, str] | None = None  # of Asterisk's configuration, in place of the rendered ones


class Stack:
    """PostgreSQL, the sandbox, Asterisk and the controller, all below `folder` and on loopback.

    `start` brings up what is not running; each part may be killed and started by a test. `key` is the
    operator's, which programs present to the API; `trust` is whose certificates they believe.
    """

    def __init__(self, folder: Path, ports: Ports, wish: Wish | None = None) -> None:
        self.folder, self.ports, self._wish = folder.absolute(), ports, wish or Wish()
        self._password = secrets.token_urlsafe(24)
        self.key = secrets.token_urlsafe(32)
        self.trust: ssl.SSLContext | None = None
        self.postgres = Postgres(self.folder / "postgres", durable=self._wish.durable)
        self.asterisk = Asterisk(find(Part.ASTERISK, local_folder()), self._etc, self.folder / "asterisk")
        self.sandbox = Child(
            "sandbox",
            [
                "sandbox",
                "--dialect",
                "stripe",
                "--port",
                str(ports.sandbox),
                "--folder",
                str(self.folder / "sandbox"),
            ],
            self.folder / "sandbox.log",
            self._sandbox_listens,
            {},
        )
        self.controller: Child | None = None

    @property
    def api(self) -> str:
        """Where the line's API listens."""
        scheme = "https" if self.environment.get("TELLERLINE_API_CERTIFICATE") else "http"
        return f"{scheme}://{HOST}:{self.ports.api}"

    @property
    def headers(self) -> dict[str, str]:
        """What the operator's programs send to the API."""
        return {"Authorization": f"Bearer {self.key}"}

    @property
    def sip(self) -> str:
        """The address that a telephone calls."""
        return f"{HOST}:{self.ports.sip}"

    @property
    def settings(self) -> Path:
        """The file with the controller's settings, for other commands of ours."""
        return self.folder / "tellerline.toml"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the controller, as variables of its environment."""
        ports = self.ports
        return {
            "TELLERLINE_LINE_DATA": str(self.folder / "data"),
            "TELLERLINE_SWITCH_CONNECT": "from_asterisk" if self._wish.from_asterisk else "to_asterisk",
            "TELLERLINE_SWITCH_URL": f"http://{HOST}:{ports.ari}",
            "TELLERLINE_SWITCH_PASSWORD": self._password,
            "TELLERLINE_SWITCH_LISTEN_PORT": str(ports.listen),
            "TELLERLINE_SWITCH_EXCHANGE": str(self._wish.exchange),
            "TELLERLINE_SWITCH_RECORDINGS": str(self.asterisk.spool / "recording"),
            "TELLERLINE_DATABASE_URL": self.postgres.url("tellerline"),
            "TELLERLINE_PAYMENTS_GATEWAY": "sandbox",
            "TELLERLINE_PAYMENTS_STRIPE_URL": f"https://{HOST}:{ports.sandbox}",
            "TELLERLINE_PAYMENTS_STRIPE_KEY": "sk_test_sandbox",
            "TELLERLINE_PAYMENTS_STRIPE_CA": str(self.folder / "sandbox" / "ca.pem"),
            "TELLERLINE_API_PORT": str(ports.api),
            "TELLERLINE_API_KEY": self.key,
            "TELLERLINE_API_SECOND_FACTOR": "false",  # nobody but this machine gets at it
            **(self._wish.environment or {}),
        }

    async def start_ground(self) -> str:
        """Start all but the controller; the URL of the database."""
        self._render()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.postgres.start)
            tasks.start_soon(self.sandbox.start)
            tasks.start_soon(self.asterisk.start)
        return await self.postgres.create("tellerline")

    async def start_line(self, timeout_s: float = 60.0) -> Child:
        """Start the controller, and return when it is ready for calls; its settings lie in `settings`."""
        write_settings(self.settings, self.environment)
        self.trust = trusted(read(self.settings, {}))
        if self.controller is None:
            self.controller = Child(
                "controller", ["run"], self.folder / "line.log", self._line_ready, self.environment
            )
        await self.controller.start(timeout_s)
        return self.controller

    async def stop(self) -> None:
        """Stop everything, the controller first."""
        with anyio.CancelScope(shield=True):
            if self.controller is not None:
                await self.controller.stop()
            await self.asterisk.stop()
            await self.sandbox.stop()
            await self.postgres.stop()

    @property
    def _etc(self) -> Path:
        return self.folder / "etc"

    def _render(self) -> None:
        ports = self.ports
        overrides = {
            "bind": HOST,
            "sip.udp": str(ports.sip),
            "sip.tcp": str(ports.sip),
            "rtp.first": str(ports.rtp_first),
            "rtp.last": str(ports.rtp_last),
            "ari.port": str(ports.ari),
            "ari.password": self._password,
            "ari.media": f"ws://{HOST}:{ports.listen}/media",
            **self._outbound(),
            **(_CALLERS if self._wish.callers else {}),
            **(self._wish.overrides or {}),
        }
        admin = read_exchange(
            self._wish.exchange, {}, flows=names(self.folder / "data" / "flows"), overrides=overrides
        )
        files = {**render(admin.exchange, admin.fragments), **(self._wish.files or {})}
        write(self._etc, files)

    def _outbound(self) -> dict[str, str]:
        if not self._wish.from_asterisk:
            return {}
        return {
            "ari.connect": "asterisk_to_us",
            "ari.controller": f"ws://{HOST}:{self.ports.listen}/ari",
        }

    async def _sandbox_listens(self) -> bool:
        try:
            await (await anyio.connect_tcp(HOST, self.ports.sandbox)).aclose()
        except OSError:
            return False
        return True

    async def _line_ready(self) -> bool:
        try:
            async with (
                aiohttp.ClientSession(timeout=_ASK) as http,
                http.get(f"{self.api}/readyz", ssl=self.trust or True) as answer,
            ):
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


@asynccontextmanager
async def stack(folder: Path, ports: Ports, wish: Wish | None = None) -> AsyncIterator[Stack]:
    """A private line without its controller, stopped at the end; `start_line` starts that."""
    one = Stack(folder, ports, wish)
    try:
        await one.start_ground()
        yield one
    finally:
        await one.stop()
