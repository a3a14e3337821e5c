"""The demonstration from start to end: the line comes up, a bill is paid, what was written is shown."""

import os
import signal
from pathlib import Path
from random import SystemRandom

import anyio
from rich.console import Console
from rich.panel import Panel

from core.clock import SystemClock
from core.money import Money
from db.accounts import StoredAccounts
from db.bill_rows import BillRow, Contact
from db.bills import import_bills
from db.engine import Work
from node.api_access import SELF_MADE
from node.demo.books import show_books
from node.demo.models import models
from node.demo.search import search
from node.demo.visitor import EMAIL, visitor
from node.parts.baresip import baresip_paths
from node.parts.folder import local_folder
from node.parts.program import Part, find
from node.rehearsal_rows import database_rows
from node.stack.ports import HOST, free_ports
from node.stack.stack import Stack, Wish
from rehearsal.account import Installed, Line
from rehearsal.live import LiveWatch
from rehearsal.phones import Phones
from rehearsal.play import play
from rehearsal.ports import PortRange
from rehearsal.reading import read_script
from rehearsal.result import NotPlayed, Played, Result
from rehearsal.stage import Stage
from rehearsal.timeline import show

EXCHANGE = Path(__file__).parent / "exchange.yaml"
BROWSERS = {
    "TELLERLINE_LINE_AGENTS": "agents",
    "TELLERLINE_API_OPEN_PHONE": "302",
    "TELLERLINE_API_SECOND_FACTOR": "false",  # its user's password lasts as long as the demonstration
}
"""Whom its callers are handed over to, the telephone of whoever opens its page, and how one signs in."""
_SIP_PORT = 5060
_ACCOUNT = "12345678"
_DUE = Money(12550, "USD")
_CONTACT = Contact("robin@example.com")
_SCRIPT = Path(__file__).parents[2] / "rehearsal" / "examples" / "pay_bill.yaml"
_PHONES = PortRange(21_000, 21_999)
_STAYING = """\
Call the line from your browser: [bold]{page}/call[/], the account is {account}.
Card 4242 4242 4242 4242 is approved, 4000 0000 0000 0002 is declined.
The dashboard: [bold]{page}[/], user {user}, password [bold]{password}[/] (made for this demonstration).
Calls for a person ring at {page}/agent, and at whoever registers as 201 (password phone-201-loopback).
From a softphone: [bold]sip:1000@{sip}[/], 1001 for a person; user 202, password phone-202-loopback.
{plain}Health: {api}/readyz   log: {log}
Other commands find this line by its settings:  tellerline bills list --settings {settings}
Ctrl-C ends it."""
_PLAIN = "It speaks plain HTTP, to this machine alone; with `--tls` it speaks TLS, self-made.\n"
_TLS = {"TELLERLINE_API_CERTIFICATE": SELF_MADE}


async def demonstrate(console: Console, *, stay: bool, tls: bool = False) -> int:
    """Show it; 0 when the bill was paid, and the card stands nowhere."""
    hears = await models(console, os.environ, local_folder() / "models")
    tls_or_not = _TLS if tls else {}
    wish = Wish(EXCHANGE, environment={**BROWSERS, **hears, **tls_or_not}, callers=True)
    line = Stack(local_folder() / "demo", free_ports(sip=_SIP_PORT), wish)
    try:
        await _start(console, line)
        result = await _call(console, line)
        code = await _show_what_came_of_it(console, line, result)
        if stay:
            await _stay(console, line)
        return code
    finally:
        with console.status("stopping"):
            await line.stop()


async def _start(console: Console, line: Stack) -> None:
    began = anyio.current_time()
    with console.status("starting PostgreSQL, Asterisk and the sandbox gateway") as status:
        url = await line.start_ground()
        status.update("starting the line: migrating the database, rendering what it says")
        await line.start_line(timeout_s=180)
        await _bill(url)
    console.print(
        f"[green]✓[/] the line is up at sip:1000@{line.sip} after {anyio.current_time() - began:.1f} s"
    )


async def _bill(url: str) -> None:
    """Robin Example owes 125.50 dollars; a bill that an earlier demonstration paid is followed by another."""
    clock, work = SystemClock(), Work(url)
    bill = BillRow(2, _ACCOUNT, (), "Robin Example", _DUE, f"demo-{clock.now():%Y%m%d%H%M%S%f}", _CONTACT)
    try:
        known = await StoredAccounts(work).by_number(_ACCOUNT)
        if known is None or known.due.minor <= 0:
            await import_bills(work, [bill], Path("demo.csv"), clock, lambda _doing, _done: None)
    finally:
        await work.close()


async def _call(console: Console, line: Stack) -> Result:
    console.rule("a telephone calls the line and pays a bill")
    baresip = find(Part.BARESIP, local_folder())
    installed = Installed(tuple(baresip.argv()), baresip_paths(baresip))
    phones = Phones(installed, Line(HOST, line.ports.sip), line.folder / "telephones", _PHONES)
    async with database_rows(line.postgres.url("tellerline")) as rows:
        stage = Stage(phones.new_phone, LiveWatch(line.api, line.key, line.trust), SystemRandom(), rows)
        return await play(read_script(_SCRIPT), stage, lambda entry: show(console, entry))


async def _show_what_came_of_it(console: Console, line: Stack, result: Result) -> int:
    match result:
        case NotPlayed(reason=reason):
            console.print(f"[red]✗ the call could not be made:[/] {reason}")
            return 2
        case Played(call=call, cards=cards):
            console.rule("what was written down")
            await show_books(console, line, call)
            clean = await _search(console, line, cards)
            return 0 if result.same and clean else 1


async def _search(console: Console, line: Stack, cards: tuple[str, ...]) -> bool:
    """The card that was keyed in must stand in no file below the line's folder."""
    clean = True
    for card in cards:
        with console.status("looking for the card number in logs, tables and sound"):
            searched = await anyio.to_thread.run_sync(search, line.folder, card)
        size = f"{searched.files} files, {searched.size_bytes / 1e6:.0f} MB"
        if searched.found:
            console.print(f"[red]✗ the card number stands in[/] {', '.join(map(str, searched.found))}")
            clean = False
        else:
            console.print(f"[green]✓[/] the card number stands nowhere in logs, tables and sound ({size})")
    return clean


async def _stay(console: Console, line: Stack) -> None:
    log = line.folder / "line.log"
    told = _STAYING.format(
        sip=line.sip,
        account=_ACCOUNT,
        page=line.api.replace(HOST, "localhost"),  # passkeys are for a name, not for an address
        user=EMAIL,
        password=await visitor(line.settings, line.postgres.url("tellerline")),
        plain="" if line.api.startswith("https") else _PLAIN,
        api=line.api,
        log=log,
        settings=line.settings,
    )
    console.print(Panel(told, title="the line stays up"))
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        await anext(signals)
