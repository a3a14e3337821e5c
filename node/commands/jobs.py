"""`tellerline jobs`: work that failed for good, listed and sent once more."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import click
from rich.console import Console
from rich.table import Table

from core import log
from core.ids import PaymentId
from db.jobs import DeadLetter, Jobs
from node.database import opened, reached
from node.settings import Settings, read


@click.group()
def jobs() -> None:
    """Look after jobs: asking a gateway what became of a payment, and the like."""
    log.configure("warning", "console")


@jobs.command(
    epilog="\b\nExamples:\n  tellerline jobs dead\n  tellerline jobs dead --again 17\n"
    "  tellerline jobs dead --again 17 --again 21"
)
@click.option("--again", type=int, multiple=True, metavar="JOB", help="Send that one once more, now.")
@click.option("--limit", default=100, show_default=True, help="How many to list at most.")
@click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")
def dead(again: tuple[int, ...], limit: int, file: Path | None) -> None:
    """List the jobs that failed for good, oldest first; or send some of them once more.

    A running line takes up at once what is sent again.
    """
    settings = read(file, os.environ)
    if again:
        anyio.run(_again, settings, again)
        click.echo(f"Sent once more: {', '.join(map(str, again))}.")
        return
    if found := anyio.run(_dead, settings, limit):
        Console().print(_table(found))
    else:
        click.echo("No job has failed for good.")


async def _dead(settings: Settings, limit: int) -> list[DeadLetter]:
    async with _jobs(settings) as known:
        return await known.dead_letters(limit)


async def _again(settings: Settings, chosen: tuple[int, ...]) -> None:
    async with _jobs(settings) as known:
        for job in chosen:
            await known.again(job)


@asynccontextmanager
async def _jobs(settings: Settings) -> AsyncIterator[Jobs]:
    async with reached(settings) as url, opened(settings, "jobs") as work:
        yield Jobs(work, url, _elsewhere)


async def _elsewhere(payment: PaymentId) -> None:
    raise NotImplementedError(f"{payment} is asked after by the running line: no job runs in this command")


def _table(found: list[DeadLetter]) -> Table:
    table = Table("job", "what", "about", "attempts", box=None, pad_edge=False)
    for one in found:
        table.add_row(str(one.id), one.task, one.subject, str(one.attempts))
    return table
