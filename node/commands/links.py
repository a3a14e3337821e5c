"""`tellerline links`: pages on which a bill is paid once, made and listed."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import anyio
import click
import segno

from core import log
from core.clock import SystemClock
from core.errors import BadInput
from core.money import Money
from db.accounts import StoredAccounts
from db.links import StoredLinks
from db.messages import StoredPost
from db.queue import Queue
from node.commands.with_settings import with_settings
from node.database import opened
from node.keyring import people_of
from node.linking import offering
from node.listing import listed
from node.settings import Settings
from payments.links.link import Link, LinkId
from payments.links.offering import Made

_QR_SCALE: Final = 8


@click.group()
def links() -> None:
    """Let payers pay on a page, by a link that works once."""
    log.configure("warning", "console")


@links.command(
    epilog="\b\nExamples:\n  tellerline links create 12345678\n"
    "  tellerline links create 12345678 --amount 20 --text +15550100 --qr"
)
@click.argument("account")
@click.option("--amount", help="In the account's currency; without it, all that is due.")
@click.option("--description", default="", help="Stands on the page.")
@click.option("--hours", type=float, help="How long it can be opened.  [default: links.hours]")
@click.option("--text", "text_to", help="Send it to this telephone number (E.164).")
@click.option("--mail", "mail_to", help="Send it to this mail address.")
@click.option("--qr", is_flag=True, help="Show it as a QR code, too.")
@click.option(
    "--qr-file", type=click.Path(dir_okay=False, path_type=Path), help="Write the QR code (.svg, .png)."
)
@with_settings
def create(
    *,
    settings: Settings,
    account: str,
    amount: str | None,
    description: str,
    hours: float | None,
    text_to: str | None,
    mail_to: str | None,
    qr: bool,
    qr_file: Path | None,
) -> None:
    """Make a link on which ACCOUNT (the number that its customer keys in) pays; its address is shown once."""

    async def run() -> Made:
        async with opened(settings, "links") as work:
            people = people_of(settings)
            found = await StoredAccounts(work, people).by_number(account)
            if found is None:
                raise BadInput(f"there is no account {account}: `tellerline bills list` shows them")
            queue, clock = Queue(), SystemClock()
            post = StoredPost(work, queue, clock, people)
            offers = offering(settings, StoredLinks(work, queue, clock), post)
            due = Money.parse(amount, found.due.currency) if amount else found.due
            lasts = timedelta(hours=hours) if hours else None
            made = await offers.make(found.id, due, description=description, lasts=lasts)
            if text_to:
                await offers.text(made, text_to)
            if mail_to:
                await offers.write(made, mail_to)
            return made

    made = anyio.run(run)
    code = segno.make(made.url, error="m", micro=False)
    if qr:
        code.terminal(compact=True)
    if qr_file:
        code.save(str(qr_file), scale=_QR_SCALE)
    click.echo(
        f"{made.link.id}  {made.link.amount.written()}  until {made.link.expires_at:%Y-%m-%d %H:%M} UTC"
    )
    click.echo(made.url)


@links.command("list")
@click.option("--limit", default=50, show_default=True, help="How many at most.")
@with_settings
def list_(settings: Settings, limit: int) -> None:
    """List links, the newest first, and how far each is."""

    async def run() -> list[Link]:
        async with opened(settings, "links") as work:
            return await StoredLinks(work, Queue(), SystemClock()).all(limit)

    now = SystemClock().now()
    rows = [
        (
            one.id,
            one.amount.written(),
            one.state(now).value,
            f"{one.expires_at:%Y-%m-%d %H:%M}",
            one.payment or "",
        )
        for one in anyio.run(run)
    ]
    listed(("id", "amount", "state", "until", "payment"), rows)


@links.command()
@click.argument("link")
@with_settings
def cancel(settings: Settings, link: str) -> None:
    """Let nobody pay LINK any more."""

    async def run() -> None:
        async with opened(settings, "links") as work:
            await StoredLinks(work, Queue(), SystemClock()).cancel(LinkId(link))

    anyio.run(run)
