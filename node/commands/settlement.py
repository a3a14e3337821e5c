"""`tellerline settlement`: a gateway's settlement report, brought in and matched with what we have."""

import io
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import anyio
import click
from rich.console import Console
from rich.table import Table

from core import log
from core.clock import SystemClock
from core.errors import BadInput
from core.money import Money
from db.engine import Work
from db.settlements import StoredSettlements
from node.bars import Bars
from node.database import migrated, reached
from node.reports import fetched, reader_of
from node.settings import Settings, read
from payments.processor import Reader
from payments.settlement import Imported
from payments.settlement_row import SettlementRow

_DIFFERENT = 1


@click.group()
def settlement() -> None:
    """Bring in what gateways settled, and see where we differ."""
    log.configure("warning", "console")


@settlement.command(
    "import",
    epilog="\b\nExample:\n  tellerline settlement import payout.csv --gateway sandbox\n\b\n"
    "It ends with 1 when there are differences.",
)
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--gateway", required=True, help="The gateway that wrote it, as the settings call it.")
@click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")
def import_(report: Path, gateway: str, file: Path | None) -> None:
    """Import a settlement report: all of it, or nothing when a line has a mistake.

    Each line is matched with the payment, refund or dispute that it settles, and with the ledger. A report
    that was imported before may be imported again.
    """
    _told(anyio.run(_import, read(file, os.environ), report, gateway))


@settlement.command(
    epilog="\b\nExample:\n  tellerline settlement fetch --gateway payu --day 2026-11-25\n\b\n"
    "It ends with 1 when there are differences.",
)
@click.option("--gateway", required=True, help="The gateway that is asked, as the settings call it.")
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that it settled on, by its own calendar.  [default: yesterday]",
)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the report in this file, too.")
@click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")
def fetch(gateway: str, day: datetime | None, keep: Path | None, file: Path | None) -> None:
    """Ask a gateway what it settled on a day, and import it as `import` does."""
    wanted = day.date() if day else datetime.now(UTC).date() - timedelta(days=1)
    _told(anyio.run(_fetch, read(file, os.environ), gateway, wanted, keep))


def _told(imported: Imported) -> None:
    """Say what an import did; ends with 1 when there are differences."""
    click.echo(
        f"{imported.new} new lines were imported, {imported.known} were known; {imported.matched} match."
    )
    if imported.findings:
        Console().print(_table(imported))
        sys.exit(_DIFFERENT)


async def _import(settings: Settings, report: Path, gateway: str) -> Imported:
    with Bars(Console(stderr=True)) as bars:
        rows = _rows(report, reader_of(gateway, settings.payments))
        bars.show("reading", 1.0)
        return await _matched(settings, gateway, rows, bars)


async def _fetch(settings: Settings, gateway: str, day: date, keep: Path | None) -> Imported:
    with Bars(Console(stderr=True)) as bars:
        bars.show("asking", 0.0)
        report = await fetched(gateway, day, settings.payments)
        bars.show("asking", 1.0)
        if keep is not None:
            _keep(keep, report)
        rows = list(reader_of(gateway, settings.payments)(io.BytesIO(report)))
        return await _matched(settings, gateway, rows, bars)


async def _matched(settings: Settings, gateway: str, rows: list[SettlementRow], bars: Bars) -> Imported:
    async with reached(settings) as url:
        await migrated(url)
        work = Work(url, name="tellerline settlement")
        try:
            bars.show("matching", 0.0)
            imported = await StoredSettlements(work, SystemClock()).bring_in(gateway, rows)
            bars.show("matching", 1.0)
        finally:
            await work.close()
    return imported


def _keep(at: Path, report: bytes) -> None:
    try:
        at.write_bytes(report)
    except OSError as error:
        raise BadInput(f"{at} cannot be written: {error.strerror}") from error


def _rows(report: Path, reader: Reader) -> list[SettlementRow]:
    try:
        with report.open("rb") as opened:
            return list(reader(opened))
    except OSError as error:
        raise BadInput(f"{report} cannot be read: {error.strerror}") from error
    except BadInput as error:
        raise BadInput(f"{report}: {error}") from error


def _table(imported: Imported) -> Table:
    table = Table("difference", "reference", "ours", "here", "ledger", "gateway", "why", box=None)
    for one in imported.findings:
        amounts = (_written(one.ours), _written(one.ledger), _written(one.theirs))
        table.add_row(one.difference.value, one.ref, one.subject, *amounts, one.why)
    return table


def _written(amount: Money | None) -> str:
    return "-" if amount is None else str(amount)
