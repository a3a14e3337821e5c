"""`tellerline bills`: what customers owe, brought in from a file and listed."""

import os
from pathlib import Path

import anyio
import click
from rich.console import Console
from rich.table import Table

from core import log
from core.clock import SystemClock
from db.accounts import Bill, StoredAccounts
from db.bill_rows import COLUMNS, read_bills
from db.bills import import_bills
from node.bars import Bars
from node.database import opened
from node.keyring import people_of
from node.settings import Settings, read

_SETTINGS = click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")


@click.group()
def bills() -> None:
    """Bring in what customers owe, and list it."""
    log.configure("warning", "console")


@bills.command(
    "import",
    epilog="\b\nThe first line names the columns: "
    + ",".join(COLUMNS)
    + '\n\b\nExample line:\n  123456,"+12025550143; +12025550100",Ada Example,125.50,USD,INV-1',
)
@click.argument("csv", type=click.Path(path_type=Path))
@click.option("--region", help="Where numbers without a country code are dialled, such as US.")
@_SETTINGS
def import_(csv: Path, region: str | None, file: Path | None) -> None:
    """Import bills from a CSV file: all of it, or nothing when a line has a mistake.

    An invoice that was imported before is left alone, so the same file may be imported again.
    """
    anyio.run(_import, read(file, os.environ), csv, region)


@bills.command("list")
@click.option("--limit", default=50, show_default=True, help="How many at most.")
@click.option("--after", default="", help="Begin after this account number.")
@_SETTINGS
def list_(limit: int, after: str, file: Path | None) -> None:
    """List accounts by number, and what is due."""
    Console().print(_table(anyio.run(_list, read(file, os.environ), limit, after)))


async def _import(settings: Settings, csv: Path, region: str | None) -> None:
    with Bars(Console(stderr=True)) as bars:
        rows = read_bills(csv, region, bars.show)
        async with opened(settings, "bills") as work:
            imported = await import_bills(
                work, rows, csv, SystemClock(), bars.show, people=people_of(settings)
            )
    click.echo(f"{imported.new} new bills were imported; {imported.known} were known already.")


async def _list(settings: Settings, limit: int, after: str) -> list[Bill]:
    async with opened(settings, "bills") as work:
        return await StoredAccounts(work, people_of(settings)).all(limit, after)


def _table(found: list[Bill]) -> Table:
    table = Table("account", "name", "due", box=None, pad_edge=False)
    for bill in found:
        table.add_row(bill.account.number, bill.name, bill.account.due.written())
    return table
