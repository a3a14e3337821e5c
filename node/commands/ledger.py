"""`tellerline ledger`: whether balances and entries agree."""

import os
import sys
from pathlib import Path

import anyio
import click
from rich.console import Console
from rich.table import Table

from core import log
from core.money import Money
from db.ledger import Drift, drifts
from node.database import opened
from node.settings import Settings, read


@click.group()
def ledger() -> None:
    """Look after the ledger."""
    log.configure("warning", "console")


@ledger.command(
    epilog="\b\nExamples:\n  tellerline ledger check\n  tellerline ledger check || mail -s drift books"
)
@click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")
def check(file: Path | None) -> None:
    """Add all entries up again, and compare with the balances kept. Ends with 1 when one differs."""
    found = anyio.run(_check, read(file, os.environ))
    if not found:
        click.echo("Every balance is the sum of its entries.")
        return
    Console().print(_table(found))
    click.secho(f"Balances that are not the sum of their entries: {len(found)}.", fg="red", err=True)
    sys.exit(1)


async def _check(settings: Settings) -> list[Drift]:
    async with opened(settings, "ledger") as work:
        return await drifts(work)


def _table(found: list[Drift]) -> Table:
    table = Table("account", "balance kept", "sum of entries", box=None, pad_edge=False)
    for one in found:
        amounts = (Money(minor, one.currency).written() for minor in (one.balance_minor, one.sum_minor))
        table.add_row(one.account, *amounts)
    return table
