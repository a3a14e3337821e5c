"""`tellerline migrate`: bring the database to this release."""

import os
import sys
from pathlib import Path

import anyio
import anyio.to_thread
import click

from core import log
from db import migrate as migrations
from db.engine import place
from db.release import newest
from node.database import migrated, reached
from node.settings import Settings, read


@click.command(
    epilog="\b\nExamples:\n  tellerline migrate\n  tellerline migrate --check && tellerline run\n"
    "  TELLERLINE_DATABASE_URL=postgresql://teller@db.example.com/teller tellerline migrate"
)
@click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")
@click.option("--check", is_flag=True, help="Change nothing; end with 1 when something is to be done.")
def migrate(file: Path | None, check: bool) -> None:
    """Make or change the tables that this release needs. Nothing happens when they are there already."""
    settings = read(file, os.environ)
    log.configure("warning", "console")
    sys.exit(anyio.run(_check if check else _migrate, settings))


async def _migrate(settings: Settings) -> int:
    async with reached(settings) as url:
        await migrated(url)
        click.echo(f"The database {place(url)} is at revision {newest()}.")
    return 0


async def _check(settings: Settings) -> int:
    async with reached(settings) as url:
        faults = await anyio.to_thread.run_sync(migrations.check, url)
        for fault in faults or [f"The database {place(url)} has what this release needs."]:
            click.echo(fault)
    return 1 if faults else 0
