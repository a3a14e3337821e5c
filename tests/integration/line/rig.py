"""A line under test: whole, on real parts; calls are placed on it, and its books are looked into."""

import json
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import aiohttp
import anyio
import numpy as np
from sqlalchemy import text

from core.clock import SystemClock
from core.errors import StoreLost
from core.money import Money
from db.bill_rows import BillRow
from db.bills import import_bills
from db.engine import Work
from node.demo.search import search
from node.parts.baresip import baresip_paths
from node.parts.folder import local_folder
from node.parts.program import Part, find
from node.rehearsal_rows import DatabaseRows, database_rows
from node.stack.callers import Callers
from node.stack.child import Child
from node.stack.ports import HOST, Ports, free_ports
from node.stack.stack import EXCHANGE as EXAMPLE
from node.stack.stack import Stack, Wish, stack
from rehearsal.account import Caller, Installed, Line
from rehearsal.live import LiveWatch
from rehearsal.phone import Phone
from rehearsal.phones import Phones
from rehearsal.play import play
from rehearsal.ports import PortRange
from rehearsal.reading import parse_script
from rehearsal.result import NotPlayed, Played
from rehearsal.script import Dtmf, Rhythm
from rehearsal.stage import Stage
from tests.integration.line.poll import until

EXCHANGE = Path(__file__).parent / "exchange.yaml"
DUE = Money(12_550, "USD")
LONGEST_S = 120.0
VISA = "4242424242424242"
QUICKLY = Rhythm(every_s=0.06, held_s=0.04)
VOICE_S, TONE_HZ = 0.15, 300  # of the beep that stands for a voice

_PORTS = PortRange(23_000, 23_999)
_VOICE_HZ = 22_050
_VOICE = "#!/bin/sh\ncat >/dev/null\nexec cat '{}'\n"
_ACCOUNTS = count(4001)

T = TypeVar("T")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Settled:
    """What a bill came to: the states of its payments, the gateway's charges for them, and what is owed."""

    states: tuple[str, ...]
    charges: int
    owed_minor: int


PAID_ONCE = Settled(("captured",), 1, 0)


class Rig:
    """A running line, a telephone shop, and an auditor."""

    def __init__(self, line: Stack, work: Work, rows: DatabaseRows) -> None:
        self.stack = line
        self.work = work
        self._rows = rows
        baresip = find(Part.BARESIP, local_folder())
        self._installed = Installed(tuple(baresip.argv()), baresip_paths(baresip))
        self._sip = Line(HOST, line.ports.sip)
        self._phones = self._shop(self._sip)
        self._numbers = count(5_550_100)

    def stage(self) -> Stage:
        """For rehearsals of this line."""
        return Stage(self._phones.new_phone, LiveWatch(self.stack.api, self.stack.key), Random(), self._rows)

    async def rehearse(self, script: str) -> Played:
        """Play a rehearsal; it must come out as written."""
        played = await play(parse_script(script, Path("rehearsal.yaml")), self.stage())
        assert not isinstance(played, NotPlayed), played.reason
        assert played.same, _told(played)
        return played

    def number(self) -> str:
        """A caller's number that nobody else has."""
        return f"+1555{next(self._numbers):07}"

    def phone(self, number: str, dtmf: Dtmf = Dtmf.INFO) -> AbstractAsyncContextManager[Phone]:
        """A telephone that calls under a number."""
        return self._phones.new_phone(Caller(number, dtmf=dtmf), LONGEST_S)

    def extension(self, name: str, *, answers: bool = True) -> AbstractAsyncContextManager[Phone]:
        """A telephone of the house, registered, that picks up by itself."""
        line = replace(
            self._sip, user=name, password=f"phone-{name}-loopback", register=True, answers=answers
        )
        return self._shop(line).new_phone(Caller(name), LONGEST_S)

    async def pays(self, phone: Phone, caller: str, account: str, *, until: str = "paid") -> None:
        """A telephone that is in a call keys in all that a payment needs; each key once it is asked for."""
        await self.asked(phone, caller, "ask_account", f"{account}#")
        await self.asked(phone, caller, "ask_how_much", "1")
        await self.pays_by_card(phone, caller, until=until)

    async def pays_by_card(self, phone: Phone, caller: str, *, until: str = "paid") -> None:
        """The last part of it: the card."""
        await self.asked(phone, caller, "card_number", f"{VISA}#")
        await self.asked(phone, caller, "card_expiry", "1230")
        await self.asked(phone, caller, "card_code", "123")
        await self.said(caller, until, within_s=40)

    async def asked(self, phone: Phone, caller: str, prompt: str, keys: str) -> None:
        """Wait for a question, and answer it with keys."""
        await self.said(caller, prompt)
        await phone.press(keys, QUICKLY)

    async def bill(self, callers: tuple[str, ...] = ()) -> str:
        """Somebody owes DUE; the number of their account."""
        account = str(next(_ACCOUNTS))
        row = BillRow(2, account, callers, "Robin Example", DUE, f"invoice {account}")
        await import_bills(self.work, [row], Path("bills.csv"), SystemClock(), lambda _doing, _done: None)
        return account

    async def rows(self, query: str, **values: object) -> list[Row]:
        """Rows of the database, by SQL."""
        async with self.work.begin() as tx:
            return [dict(row) for row in (await tx.execute(text(query), values)).mappings()]

    async def session(self, caller: str) -> Row | None:
        """The newest call of a number."""
        query = "SELECT * FROM calls WHERE caller_index = :index ORDER BY started_at DESC LIMIT 1"
        return next(iter(await self.rows(query, index=await self.index(caller))), None)

    async def index(self, caller: str) -> bytes:
        """The blind index by which the calls of a number are found."""
        return await Callers(self.stack.folder, self.work).index(caller)

    async def ended(self, caller: str, within_s: float = 20.0) -> Row:
        """The newest call of a number, once it is written down as over."""

        async def over() -> Row | None:
            found = await self.session(caller)
            return found if found is not None and found["ended_at"] is not None else None

        return await until(over, within_s, f"the call of {caller} is not over")

    async def prompts(self, caller: str) -> list[str]:
        """What a number's newest call was told, by the names of the prompts."""
        facts = await self.facts(caller)
        return [fact["body"]["prompt"] for fact in facts if fact["kind"] == "said"]

    async def facts(self, caller: str) -> list[Row]:
        """The facts of a number's newest call, in order."""
        query = """SELECT seq, kind, body FROM facts WHERE call = (
                       SELECT id FROM calls WHERE caller_index = :index
                        ORDER BY started_at DESC LIMIT 1) ORDER BY seq"""
        return await self.rows(query, index=await self.index(caller))

    async def said(self, caller: str, prompt: str, within_s: float = 15.0) -> None:
        """Wait until the line says something to a caller."""

        async def told() -> bool:
            return prompt in await self.prompts(caller)

        await until(told, within_s, f"{caller} was not told {prompt}")

    async def handed_over(self, caller: str, result: str, within_s: float = 15.0) -> None:
        """Wait until a caller was handed over with that result."""

        async def told() -> bool:
            facts = await self.facts(caller)
            return any(one["kind"] == "call_handed_over" and one["body"]["result"] == result for one in facts)

        await until(told, within_s, f"{caller} was not handed over ({result})")

    async def channels(self, count: int, within_s: float = 10.0) -> None:
        """Wait until Asterisk has that many channels."""

        async def same() -> bool:
            told = await self.stack.asterisk.console("core show channels count")
            return told.split()[0] == str(count)

        await until(same, within_s, f"Asterisk does not have {count} channels")

    async def settled(self, account: str, wanted: Settled, within_s: float = 15.0) -> None:
        """Wait until a bill stands as wanted, in our books and in the gateway's."""
        found: list[Settled] = []

        async def same() -> bool:
            found.append(await self._settled(account))
            return found[-1] == wanted

        try:
            await until(same, within_s, f"account {account}")
        except AssertionError:
            raise AssertionError(f"account {account} is {found[-1]}, not {wanted}") from None

    async def trouble(self, fault: str, path: str = "/v1/payment_intents", **more: float) -> None:
        """Plan a fault of the gateway."""
        async with self.gateway() as http:
            order = {"fault": fault, "path": path, **more}
            async with http.post("/_faults", json=order) as answer:
                assert answer.status == 200, await answer.text()

    async def charges(self) -> list[dict[str, Any]]:
        """The gateway's own book of payments that took money."""
        async with self.gateway() as http, http.get("/_books") as answer:
            objects = (await answer.json())["objects"]
        return [one for one in objects if one["object"] == "payment_intent" and one["status"] == "succeeded"]

    async def ready(self) -> bool:
        """Whether the line says that it may be given calls."""
        return (await self.readiness())[0] == 200

    async def readiness(self) -> tuple[int, dict[str, Any]]:
        """What /readyz says: 0 when nobody answers."""
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=8)) as http,
                http.get(f"{self.stack.api}/readyz") as answer,
            ):
                return answer.status, await answer.json()
        except (aiohttp.ClientError, TimeoutError):
            return 0, {}

    async def until_ready(self, within_s: float = 20.0) -> None:
        """Wait until the line is ready, with no call up."""

        async def calm() -> bool:
            status, body = await self.readiness()
            return status == 200 and body["parts"]["line"]["about"] == "0 calls up"

        await until(calm, within_s, "the line does not become ready and idle")

    @property
    def controller(self) -> Child:
        """The process of the line itself."""
        assert self.stack.controller is not None
        return self.stack.controller

    def log(self) -> list[dict[str, Any]]:
        """What the controller logged."""
        lines = (self.stack.folder / "line.log").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def _shop(self, line: Line) -> Phones:
        return Phones(
            self._installed, line, self.stack.folder / "telephones" / (line.user or "callers"), _PORTS
        )

    async def _settled(self, account: str) -> Settled:
        query = """SELECT p.id, p.state FROM payments p JOIN accounts a ON a.id = p.account
                    WHERE a.number = :account ORDER BY p.created_at"""
        payments = await self.rows(query, account=account)
        owed = """SELECT b.balance_minor FROM accounts a
                    JOIN ledger_balances b ON b.account = 'account:' || a.id WHERE a.number = :account"""
        balance = await self.rows(owed, account=account)
        ids = {row["id"] for row in payments}
        charges = sum(one["metadata"].get("payment") in ids for one in await self.charges())
        return Settled(tuple(row["state"] for row in payments), charges, balance[0]["balance_minor"])

    def gateway(self) -> aiohttp.ClientSession:
        """A way to the sandbox gateway itself."""
        authority = self.stack.folder / "sandbox" / "ca.pem"
        connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=authority))
        return aiohttp.ClientSession(f"https://{HOST}:{self.stack.ports.sandbox}", connector=connector)


@asynccontextmanager
async def rig(
    folder: Path, wish: Wish | None = None, *, ports: Ports | None = None, quick: bool = True
) -> AsyncIterator[Rig]:
    """A running line below `folder`. `quick` gives it a voice that beeps for a moment instead of speaking.

    At the end the card that nearly all callers key in must stand in no file, whatever was done to the line.
    """
    wish = wish or Wish(callers=True)
    environment = dict(wish.environment or {})
    if quick:
        environment["TELLERLINE_VOICE_PROGRAM"] = str(_beeping(folder))
    exchange = EXCHANGE if wish.exchange == EXAMPLE else wish.exchange
    wish = replace(wish, exchange=exchange, callers=True, durable=False, environment=environment)
    async with stack(folder / "line", ports or free_ports(), wish) as line:
        await line.start_line()
        url = line.postgres.url("tellerline")
        work = Work(url)
        try:
            async with database_rows(url) as rows:
                yield Rig(line, work, rows)
        finally:
            await work.close()
    assert not (await anyio.to_thread.run_sync(search, folder / "line", VISA)).found


async def patiently(work: Callable[[], Awaitable[T]], within_s: float = 20.0) -> T:
    """Ask a database that may just be coming back."""
    with anyio.fail_after(within_s):
        while True:
            try:
                return await work()
            except StoreLost:
                await anyio.sleep(0.1)


def _beeping(folder: Path) -> Path:
    """A program in espeak-ng's place: a beep that no keypad makes."""
    at = np.arange(round(_VOICE_HZ * VOICE_S)) / _VOICE_HZ
    pcm = (6000 * np.sin(2 * np.pi * TONE_HZ * at)).astype("<i2").tobytes()
    sound, program = folder / "beep.wav", folder / "beep"
    form = struct.pack("<IHHIIHH", 16, 1, 1, _VOICE_HZ, 2 * _VOICE_HZ, 2, 16)
    head = b"RIFF" + struct.pack("<I", 36 + len(pcm)) + b"WAVEfmt " + form
    sound.write_bytes(head + b"data" + struct.pack("<I", len(pcm)) + pcm)
    program.write_text(_VOICE.format(sound))
    program.chmod(0o755)
    return program


def _told(played: Played) -> str:
    differences = "\n".join(f"line {one.line}: {one.what}" for one in played.differences)
    timeline = "\n".join(f"{entry.at_s:8.3f} {entry.who.value} {entry.what}" for entry in played.entries)
    return f"{differences}\n{timeline}"
