"""`tellerline requests`: what callers want of people, listed and ticked off."""

import anyio
import click

from core import log
from core.clock import SystemClock
from db.requests import StoredRequests
from ivr.requests import Request
from node.commands.with_settings import with_settings
from node.database import opened
from node.keyring import people_of
from node.listing import listed
from node.settings import Settings


@click.group(epilog="\b\nExamples:\n  tellerline requests list --waiting\n  tellerline requests done 12")
def requests() -> None:
    """Calls back and disputes that callers asked for."""
    log.configure("warning", "console")


@requests.command("list")
@click.option("--limit", default=50, show_default=True, help="How many at most.")
@click.option("--waiting", is_flag=True, help="Only those that nobody has seen to.")
@with_settings
def list_(settings: Settings, limit: int, waiting: bool) -> None:
    """List requests, the newest first."""

    async def run() -> list[Request]:
        async with opened(settings, "requests") as work:
            store = StoredRequests(work, SystemClock(), people_of(settings))
            return await store.all(limit, waiting=waiting)

    rows = [
        (
            str(one.number),
            one.wish.about.value,
            f"{one.made_at:%Y-%m-%d %H:%M}",
            one.wish.caller,
            one.wish.day.isoformat() if one.wish.day else "",
            one.wish.account or "",
            one.wish.detail,
            f"{one.done_at:%Y-%m-%d %H:%M}" if one.done_at else "",
        )
        for one in anyio.run(run)
    ]
    listed(("number", "about", "made", "call", "on", "account", "detail", "done"), rows)


@requests.command()
@click.argument("number", type=int)
@with_settings
def done(settings: Settings, number: int) -> None:
    """Tick NUMBER off: a person has seen to it."""

    async def run() -> None:
        async with opened(settings, "requests") as work:
            await StoredRequests(work, SystemClock(), people_of(settings)).done(number)

    anyio.run(run)
    click.echo(f"Request {number} is done.")
