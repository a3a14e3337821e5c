"""`tellerline fraud`: train the model, decide about purchases that wait, and keep the lists."""

import getpass
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import anyio
import click
from rich.console import Console
from rich.table import Table

from core import log
from core.clock import SystemClock
from core.ids import AttemptId
from db.engine import Work
from db.fraud_cases import StoredLists, StoredReviews
from db.fraud_report import FraudReport, fraud_report
from node.bars import Bars
from node.database import migrated, reached
from node.fraud_key import fraud_key
from node.listing import listed
from node.settings import Settings, read
from payments.fraud.keys import Kind, Marker
from payments.fraud.lists import Entry
from payments.fraud.people import People
from payments.fraud.reviews import Review

_SETTINGS = click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")
_WHO = click.option("--by", "who", default=getpass.getuser, help="Who decides; you, unless said otherwise.")
_SCREENS = {
    "watch": 'It only watches: all of these were let pass. `fraud.screen = "on"` acts.',
    "on": "It acts.",
    "off": "It is off: nothing is judged now.",
}
_NOTE = click.option("--note", default="", help="Why; it stands in the audit trail.")


@click.group()
def fraud() -> None:
    """Train the fraud model, decide what waits for a person, keep the lists."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    log.configure("warning", "console")


@fraud.command(epilog="\b\nExample:\n  tellerline fraud generate transactions.csv --transactions 60000")
@click.argument("csv", type=click.Path(path_type=Path))
@click.option("--transactions", "many", default=60_000, show_default=True, type=click.IntRange(1000))
@click.option("--seed", default=1, show_default=True)
def generate(csv: Path, many: int, seed: int) -> None:
    """Write made-up transactions, two in a hundred of them fraud, to try the training with."""
    from payments.fraud.generate import generate  # noqa: PLC0415 - each command loads what it needs
    from payments.fraud.transactions import write  # noqa: PLC0415

    count = write(csv, generate(many, seed))
    click.echo(f"{count} transactions were written to {csv}.")


@fraud.command(
    epilog="\b\nExample:\n  tellerline fraud train transactions.csv --out fraud.json --name spring-2026"
)
@click.argument("csv", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=Path("fraud.json"), show_default=True)
@click.option("--name", default="trained", show_default=True, help="The model's version, for people.")
@click.option("--home", default="US", show_default=True, help="The country of your customers (ISO 3166).")
def train(csv: Path, out: Path, name: str, home: str) -> None:
    """Train on past transactions: the first 70 % by time are learned, the rest judges.

    The file's first line names its columns; docs/howto/fraud.md says what they hold. `fraud.model` then names
    the new file.
    """
    from payments.fraud.model import save  # noqa: PLC0415 - each command loads what it needs
    from payments.fraud.train import train  # noqa: PLC0415
    from payments.fraud.transactions import read as read_transactions  # noqa: PLC0415

    with Bars(Console(stderr=True)) as bars:
        trained = train(read_transactions(csv, bars.show), name, home, bars.show)
    model = save(trained.model, out)
    table = Table("what", "AUC", "average precision", "precision at 100", box=None, pad_edge=False)
    rows = {
        "trees": trained.trees,
        "half-space trees alone": trained.anomaly,
        "logistic regression": trained.logistic,
    }
    for what, one in rows.items():
        table.add_row(what, *(f"{value:.3f}" for value in (one.auc, one.ap, one.p_at_100)))
    console = Console()
    console.print(table)
    console.print(
        f"{model.version} is in {out}: {trained.learned} transactions were learned, {trained.judged} later "
        f"ones judged it; {trained.frauds} of all are fraud.",
        highlight=False,
        soft_wrap=True,
    )


@fraud.command(epilog="\b\nExample:\n  tellerline fraud model .local/data/fraud.json")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def model(file: Path | None) -> None:
    """Check a model file (or the one that ships) and tell its version and its evaluation."""
    from payments.fraud.model import SHIPPED, load  # noqa: PLC0415 - each command loads what it needs

    found = load(file or SHIPPED)
    click.echo(found.version)
    for name, value in found.evaluation.items():
        click.echo(f"  {name} {value:.4f}")


@fraud.command()
@_SETTINGS
def reviews(file: Path | None) -> None:
    """List the purchases that wait for a person, oldest first."""
    Console().print(_waiting(anyio.run(_open, read(file, os.environ))))


@fraud.command(epilog="\b\nExample:\n  tellerline fraud report --days 30")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1), help="How far back.")
@_SETTINGS
def report(days: int, file: Path | None) -> None:
    """Tell what the screen did, or would have done while it only watches, and what became of it."""
    settings = read(file, os.environ)
    found = anyio.run(_report, settings, SystemClock().now() - timedelta(days=days))
    columns = ("decision", "attempts", "paid", "declined by the bank", "disputed later")
    rows = [(one.decision.value, one.attempts, one.paid, one.declined, one.disputed) for one in found.judged]
    listed(columns, [tuple(map(str, row)) for row in rows])
    if found.reasons:
        listed(("why not allowed", "attempts"), [(why, str(count)) for why, count in found.reasons])
    click.echo(_SCREENS[settings.fraud.screen])


@fraud.command(epilog="\b\nExample:\n  tellerline fraud approve att_0abc --note 'called back, it was him'")
@click.argument("attempt")
@_WHO
@_NOTE
@_SETTINGS
def approve(attempt: str, who: str, note: str, file: Path | None) -> None:
    """Let a purchase pass when it comes again within a day."""
    anyio.run(_decide, read(file, os.environ), AttemptId(attempt), who, note, None)
    click.echo(f"{attempt} is approved: the same card passes for a day.")


@fraud.command(epilog="\b\nExample:\n  tellerline fraud refuse att_0abc --deny --note 'stolen card'")
@click.argument("attempt")
@click.option("--deny", is_flag=True, help="Never take this card again.")
@_WHO
@_NOTE
@_SETTINGS
def refuse(attempt: str, deny: bool, who: str, note: str, file: Path | None) -> None:
    """Leave a purchase refused."""
    anyio.run(_decide, read(file, os.environ), AttemptId(attempt), who, note, deny)
    click.echo(f"{attempt} is refused{', and its card is denied' if deny else ''}.")


@fraud.command(
    "list", epilog="\b\nExample:\n  tellerline fraud list deny caller +15550123 --reason 'tries out cards'"
)
@click.argument("way", type=click.Choice(["allow", "deny", "remove"]))
@click.argument("kind", type=click.Choice(["caller", "account", "address"]))
@click.argument("value")
@click.option("--reason", default="", help="Why; it is a reason of the verdicts that follow.")
@click.option("--days", type=click.IntRange(1), help="For how many days; for ever unless it is said.")
@_WHO
@_SETTINGS
def list_(
    way: str, kind: str, value: str, *, reason: str, days: int | None, who: str, file: Path | None
) -> None:
    """Put a caller, an account or an address on a list, or take it off. Only its keyed hash is kept.

    A card gets there by `approve` and by `refuse --deny`: nobody types card numbers here.
    """
    settings, now = read(file, os.environ), SystemClock().now()
    mark = Marker(fraud_key(settings.fraud.key, settings.line.data)).mark(Kind(kind), value)
    entry = Entry(mark, way == "allow", reason, who, now, now + timedelta(days=days) if days else None)
    changed = anyio.run(_remove, settings, entry) if way == "remove" else anyio.run(_put, settings, entry)
    click.echo(f"{kind} {value}: {'done' if changed else 'was on no list'}.")


async def _report(settings: Settings, since: datetime) -> FraudReport:
    async with _work(settings) as work:
        return await fraud_report(work, since)


async def _open(settings: Settings) -> list[Review]:
    async with _work(settings) as work:
        return await StoredReviews(work).open()


async def _decide(settings: Settings, attempt: AttemptId, who: str, note: str, deny: bool | None) -> None:
    async with _work(settings) as work:
        people, now = People(StoredReviews(work), StoredLists(work)), SystemClock().now()
        if deny is None:
            await people.approve(attempt, who, note, now)
        else:
            await people.refuse(attempt, who, note, now, deny=deny)


async def _put(settings: Settings, entry: Entry) -> bool:
    async with _work(settings) as work:
        await StoredLists(work).put(entry)
    return True


async def _remove(settings: Settings, entry: Entry) -> bool:
    async with _work(settings) as work:
        return await StoredLists(work).remove(entry.mark)


@asynccontextmanager
async def _work(settings: Settings) -> AsyncIterator[Work]:
    async with reached(settings) as url:
        await migrated(url)
        work = Work(url, name="tellerline fraud")
        try:
            yield work
        finally:
            await work.close()


def _waiting(found: list[Review]) -> Table:
    table = Table("attempt", "at", "amount", "card", "score", "why", box=None, pad_edge=False)
    for one in found:
        card = f"{one.brand} {one.last4}"
        at = f"{one.at:%Y-%m-%d %H:%M}"
        table.add_row(one.attempt, at, one.amount.written(), card, f"{one.score:.2f}", "; ".join(one.reasons))
    return table
