"""The line that the proof is made on: whole, private, and as talkative as it can be made."""

import secrets
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import anyio

from dialplan.files.ground import CEL_EVENTS
from dialplan.files.modules import loaded
from dialplan.read import read as read_exchange
from node.flows import FLOWS
from node.prove.beep import beeping
from node.prove.memory import reads_closed
from node.prove.watchers import Addresses
from node.stack.ports import HOST, free_ports
from node.stack.stack import Stack, Wish

EXCHANGE = Path(__file__).parent / "exchange.yaml"

VERBOSE, DEBUG = 10, 3
"""The levels of Asterisk's log. From 4 on its debug log is made of the events that carry keys."""

KEY_WRITERS = ("res_rtp_asterisk", "chan_pjsip")
"""Modules of Asterisk that write keys to the debug log, from its first level on: they stay at 0."""

_READY_S, _LOOK_S = 30.0, 0.1
_AMI_USER = "prove"
# all that there are but `dtmf` and `cel`, whose events are keys, and `all`
_AMI_CLASSES = (
    "system,call,log,verbose,agent,user,config,command,reporting,cdr,dialplan,originate,agi,security,test"
)
_CEL_COLUMNS = ",".join(
    f"${{CSV_QUOTE(${{{column}}})}}"
    for column in (
        "eventtype",
        "CALLERID(num)",
        "CALLERID(dnid)",
        "CHANNEL(exten)",
        "CHANNEL(channame)",
        "CHANNEL(appname)",
        "CHANNEL(appdata)",
        "eventextra",
    )
)
_ALL_LEVELS = "notice,warning,error,security,verbose,debug"
_LOUD = {"TELLERLINE_LOG_LEVEL": "debug", "PYTHONASYNCIODEBUG": "1"}


class ProvenLine:
    """A Stack with every logger at DEBUG, call records, event records and AMI on.

    `left_readable` where this process is not root's: the controller leaves its memory open for the search.
    """

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        ports = free_ports()
        self._ami_port, self._ami_password = free_ports().ari, secrets.token_urlsafe(18)
        voice = beeping(folder / "voice")
        self.left_readable = not reads_closed()
        wish = Wish(
            exchange=EXCHANGE,
            callers=True,
            environment={
                "TELLERLINE_SWITCH_LOG_LEVELS": _ALL_LEVELS,  # our own doing, and searched
                "TELLERLINE_VOICE_PROGRAM": str(voice),
                "TELLERLINE_HEARING_MODELS": str(folder / "no-models"),  # it hears keys alone
                "TELLERLINE_WEBHOOKS_PRIVATE": "true",  # to our own receiver
                "TELLERLINE_LINE_READABLE_MEMORY": str(self.left_readable).lower(),
                **_LOUD,
            },
            files=self._files(),
        )
        self.folder = folder
        self.stack = Stack(folder / "line", ports, wish)

    @property
    def addresses(self) -> Addresses:
        """Where one may listen."""
        environment = self.stack.environment
        return Addresses(
            self._ami_port,
            _AMI_USER,
            self._ami_password,
            environment["TELLERLINE_SWITCH_URL"],
            "tellerline",
            environment["TELLERLINE_SWITCH_PASSWORD"],
            self.stack.api,
            self.stack.headers,
        )

    async def start(self) -> str:
        """Start all of it; the URL of the database."""
        for records in ("cdr-csv", "cel-custom"):  # Asterisk makes no folders
            (self.stack.asterisk.logs / records).mkdir(parents=True, exist_ok=True)
        url = await self.stack.start_ground()
        await self.stack.start_line(timeout_s=180)
        return url

    async def write_keys(self, *, write: bool) -> None:
        """Let Asterisk's log hold the keys that are pressed, or no longer: for the control."""
        for module in KEY_WRITERS:
            await self.stack.asterisk.console(f"core set debug {DEBUG if write else 0} {module}")

    async def restart_asterisk(self) -> None:
        """Stop it in order, as an admin would, and start it."""
        await self.stack.asterisk.stop()
        await self.stack.asterisk.start()
        await self._ready()

    async def _ready(self) -> None:
        """Wait until the controller has found Asterisk again and takes calls."""
        with anyio.fail_after(_READY_S):
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_READY_S)) as http:
                while True:
                    async with http.get(f"{self.stack.api}/readyz") as answer:
                        if answer.status == 200:
                            return
                    await anyio.sleep(_LOOK_S)

    def _files(self) -> Mapping[str, str]:
        return {
            "logger.conf": "[general]\ndateformat = %F %T.%3q\n[logfiles]\n"
            f"console => notice,warning,error,verbose({VERBOSE})\n"
            f"full.log => notice,warning,error,verbose({VERBOSE}),debug,security\n",
            "cli.conf": _startup(),
            "manager.conf": f"[general]\nenabled = yes\nbindaddr = {HOST}\nport = {self._ami_port}\n"
            f"[{_AMI_USER}]\nsecret = {self._ami_password}\nread = {_AMI_CLASSES}\nwrite = system\n",
            "cdr_manager.conf": "[general]\nenabled = yes\n",
            "cel.conf": f"[general]\nenable = yes\nevents = {CEL_EVENTS}\n[manager]\nenabled = yes\n",
            "cel_custom.conf": f"[mappings]\nMaster.csv => {_CEL_COLUMNS}\n",
        }


def _startup() -> str:
    """cli.conf: debug for all of Asterisk but the writers of keys; a global level would take them in."""
    exchange = read_exchange(EXCHANGE, {}, flows=FLOWS).exchange
    talkers = [name for name in ("core", *loaded(exchange)) if name not in KEY_WRITERS]
    return "[startup_commands]\n" + "".join(f"core set debug {DEBUG} {name} = yes\n" for name in talkers)


@asynccontextmanager
async def proven_line(folder: Path) -> AsyncIterator[ProvenLine]:
    """The line for as long as the `async with` lasts."""
    line = ProvenLine(folder)
    try:
        yield line
    finally:
        await line.stack.stop()
