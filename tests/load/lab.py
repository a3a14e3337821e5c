"""The line that is measured: a private one, a bill for each caller, a number that only plays a file."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING

import aiohttp
from sqlalchemy import text

from core.clock import SystemClock
from core.money import Money
from db.bill_rows import BillRow
from db.bills import import_bills
from db.engine import Work
from node.stack.ports import HOST, Ports, free_ports
from node.stack.stack import Stack, Wish

if TYPE_CHECKING:
    from tests.load.trial import Held

PAYS = "1000"
PLAYS = "2000"
PLAYED_S = 45.0
DUE = Money(12_550, "USD")
_RTP_PORTS = 3000
_RTP_FIRST = 24_000
_ULAW_HZ = 8000
_EXCHANGE = """
language: en
codecs: [ulaw]
ari: {password: set-by-the-stack, port: 8088, media: "ws://127.0.0.1:8090/media"}
numbers:
  1000: {flow: pay_bill}
fragments: [playback.conf]
"""
_PLAYBACK = """
[tellerline-in](+)
exten => 2000,1,Answer()
 same => n,Playback(%s)
 same => n,Hangup()
"""
_ROOMY = {"TELLERLINE_LINE_MAX_CALLS": "2000", "TELLERLINE_LOG_LEVEL": "info"}

# What each account's payment left behind; one that was charged once has 1, 1 and 2 (debit and credit).
_PAID = """
SELECT count(*) AS accounts,
       count(*) FILTER (WHERE captured = 1) AS once,
       count(*) FILTER (WHERE captured > 1) AS more,
       coalesce(sum(paid_calls), 0) AS paid_calls,
       coalesce(sum(entries), 0) AS entries
  FROM (SELECT a.id,
               (SELECT count(*) FROM payments p WHERE p.account = a.id AND p.state = 'captured') AS captured,
               (SELECT count(*) FROM payments p JOIN calls c ON c.id = p.call
                 WHERE p.account = a.id AND c.outcome = 'paid') AS paid_calls,
               (SELECT count(*) FROM payments p
                  JOIN ledger_transactions t ON t.reference = p.id || chr(58) || 'captured'
                  JOIN ledger_entries e ON e.transaction_id = t.id WHERE p.account = a.id) AS entries
          FROM accounts a WHERE a.number = ANY(:numbers)) AS each_account
"""


@dataclass(frozen=True, slots=True)
class Paid:
    """Of so many accounts: how many were charged once, and more than once; and what else says so."""

    accounts: int
    once: int
    more: int
    paid_calls: int
    entries: int
    charged_at_gateway: int

    @property
    def all_once(self) -> bool:
        """Whether everybody paid once, and call, ledger and gateway agree."""
        same = self.once == self.paid_calls == self.charged_at_gateway == self.accounts
        return same and not self.more and self.entries == 2 * self.accounts


class Lab:
    """A stack, the bills and books of those who call it, and the trials that went well on it."""

    def __init__(self, line: Stack) -> None:
        self.line = line
        self.work = Work(line.postgres.url("tellerline"))
        self._numbers = count(SystemRandom().randrange(10**8, 9 * 10**8))
        self._charged_before = 0
        self.paid_trials: list[Held] = []
        self.played_trials: list[Held] = []

    async def bills(self, many: int) -> list[str]:
        """So many new accounts that owe `DUE`; their numbers."""
        clock = SystemClock()
        numbers = [str(next(self._numbers)) for _ in range(many)]
        stamp = f"{clock.now():%H%M%S%f}"
        rows = [
            BillRow(line, number, (), "Robin Example", DUE, f"{stamp}-{number}")
            for line, number in enumerate(numbers, 2)
        ]
        await import_bills(self.work, rows, Path("load.csv"), clock, lambda _doing, _done: None)
        self._charged_before = await self._charged()
        return numbers

    async def paid(self, numbers: Sequence[str]) -> Paid:
        """What the books say of those who were given a bill last."""
        async with self.work.begin() as tx:
            row = (await tx.execute(text(_PAID), {"numbers": list(numbers)})).mappings().one()
        charged = await self._charged() - self._charged_before
        return Paid(**{name: int(value) for name, value in row.items()}, charged_at_gateway=charged)

    async def close(self) -> None:
        """Give the connections back."""
        await self.work.close()

    async def _charged(self) -> int:
        url = f"https://{HOST}:{self.line.ports.sandbox}/_books"
        async with aiohttp.ClientSession() as http, http.get(url, ssl=False) as answer:
            books = await answer.json()
        intents = [one for one in books["objects"] if one["object"] == "payment_intent"]
        return sum(one["status"] == "succeeded" for one in intents)


@asynccontextmanager
async def lab(
    folder: Path, environment: Mapping[str, str] | None = None, files: Mapping[str, str] | None = None
) -> AsyncIterator[Lab]:
    """A whole line below `folder`, up and ready; `files` are of Asterisk, in place of the rendered ones."""
    folder.mkdir(parents=True, exist_ok=True)
    told = _ROOMY | dict(environment or {})
    line = Stack(folder, _ports(), Wish(_exchange(folder), environment=told, callers=True, files=files))
    try:
        await line.start_ground()
        await line.start_line(timeout_s=180)
        one = Lab(line)
        try:
            yield one
        finally:
            await one.close()
    finally:
        await line.stop()


def _ports() -> Ports:
    return replace(free_ports(), rtp_first=_RTP_FIRST, rtp_last=_RTP_FIRST + _RTP_PORTS - 1)


def _exchange(folder: Path) -> Path:
    """An exchange file with the long sound beside it."""
    sound = (folder / "long").absolute()
    sound.with_suffix(".ulaw").write_bytes(Random(1).randbytes(round(PLAYED_S * _ULAW_HZ)))
    (folder / "playback.conf").write_text(_PLAYBACK % sound)
    file = folder / "exchange.yaml"
    file.write_text(_EXCHANGE)
    return file
