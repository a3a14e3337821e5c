"""`tellerline messages`: what people were told and how far it got, and the words of it."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO, Final

import anyio
import click

from core import log
from core.clock import SystemClock
from core.errors import StoreLost
from core.ids import new_id
from core.letter import Letter
from db.message_lists import MessageFilter, StoredMessages
from db.messages import StoredPost
from db.queue import Queue
from messages.bounces import mails_in, report_in
from messages.kinds import KINDS, kind_of
from messages.message import Channel, Mail, MessageState, Text
from messages.post import Posted
from messages.template_files import TemplateFiles
from node.commands.with_settings import with_settings
from node.database import opened
from node.keyring import people_of
from node.listing import listed
from node.messaging import own_folder, templates
from node.settings import Settings

_STATES = [state.value for state in MessageState]
_LATER: Final = 75  # sysexits(3): EX_TEMPFAIL
_CHANNELS = [channel.value for channel in Channel]


@click.group()
def messages() -> None:
    """Receipts, payment links and one-time codes: mail and text messages to people."""
    log.configure("warning", "console")


@messages.command(
    "list",
    epilog="\b\nExamples:\n  tellerline messages list --state failed\n"
    "  tellerline messages list --to +15550100",
)
@click.option("--state", type=click.Choice(_STATES), help="`failed` lists what can be sent again.")
@click.option("--channel", type=click.Choice(_CHANNELS), help="Mail or text messages alone.")
@click.option("--to", default="", help="To this address alone.")
@click.option("--about", default="", help="About this payment, refund or link alone.")
@click.option("--limit", default=50, show_default=True, help="How many at most.")
@with_settings
def list_(
    *, settings: Settings, state: str | None, channel: str | None, to: str, about: str, limit: int
) -> None:
    """List messages, the newest first, and how far each got."""
    wanted = MessageFilter(
        state=MessageState(state) if state else None,
        channel=Channel(channel) if channel else None,
        to=to,
        about=about,
    )

    async def run() -> list[Posted]:
        async with opened(settings, "messages") as work:
            return (await StoredMessages(work, people_of(settings)).page(wanted, None, limit))[:limit]

    rows = [
        (
            one.id,
            one.kind,
            one.to,
            one.state.value,
            str(one.attempts),
            one.reason,
            f"{one.created_at:%Y-%m-%d %H:%M:%S}",
        )
        for one in anyio.run(run)
    ]
    listed(("id", "kind", "to", "state", "attempts", "why", "written"), rows)


@messages.command(epilog="\b\nExample:\n  tellerline messages send msg_1m7z1emraa7720t4drhf4jt0x")
@click.argument("message", nargs=-1, required=True)
@with_settings
def send(settings: Settings, message: tuple[str, ...]) -> None:
    """Send failed messages once more; a running line does it at once."""

    async def run() -> None:
        async with _post(settings) as post:
            for one in message:
                await post.again(one)

    anyio.run(run)
    click.echo(f"Sent once more: {', '.join(message)}.")


@messages.command(
    "try",
    epilog="\b\nExamples:\n  tellerline messages try robin@example.com\n"
    "  tellerline messages try +15550100 --language es",
)
@click.argument("to")
@click.option("--kind", type=click.Choice(list(KINDS)), default="receipt", show_default=True)
@click.option("--language", default="", help="Without it, the line's own.")
@with_settings
def try_(settings: Settings, to: str, kind: str, language: str) -> None:
    """Send a made-up message to TO, to see that messages arrive."""
    key = new_id("try")

    async def run() -> None:
        async with _post(settings) as post:
            await post.put(Letter(kind, to, kind_of(kind).sample, key, language=language, about=key))

    anyio.run(run)
    click.echo(f"A running line sends it now: `tellerline messages list --about {key}` tells how far it got.")


@messages.command(
    epilog="\b\nExamples:\n  tellerline messages preview receipt --language es\n"
    "  tellerline messages preview receipt --html > receipt.html"
)
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.option("--language", default="", help="Without it, the line's own.")
@click.option("--channel", type=click.Choice(_CHANNELS), help="Without it, all by which it goes.")
@click.option("--html", is_flag=True, help="Only the HTML of the mail.")
@with_settings
def preview(settings: Settings, kind: str, language: str, channel: str | None, html: bool) -> None:
    """Show a message in words, with made-up values; mistakes in templates are told."""
    words = templates(settings)
    for one in [Channel(channel)] if channel else kind_of(kind).channels:
        match words.preview(kind, one, language):
            case Mail() as mail if html:
                click.echo(mail.html)
            case Mail() as mail:
                click.echo(f"Subject: {mail.subject}\n\n{mail.text}\n")
            case Text() as text if not html:
                click.echo(f"Text message ({len(text.text)} characters): {text.text}")


@messages.command("templates")
@with_settings
def templates_(settings: Settings) -> None:
    """List the files of templates; one of your own is put into the folder that is named, by the same name."""
    folder = own_folder(settings)
    files = TemplateFiles(templates(settings), folder).all()
    listed(("file", "whose"), [(one.name, "yours" if one.own else "as shipped") for one in files])
    click.echo(f"Your own go into {folder}.")


@messages.command(
    epilog="\b\nExamples:\n  tellerline messages bounced < mail.eml\n"
    "  tellerline messages bounced /var/mail/bills\n"
    "  bills: |/opt/tellerline/bin/tellerline messages bounced     (in /etc/aliases)"
)
@click.argument("mail", type=click.File("rb"), default="-")
@with_settings
def bounced(settings: Settings, mail: BinaryIO) -> None:
    """Note mail that came back, from a mail or an mbox; other mail is let by.

    Ends with 75 while the database is away, so that the mail server hands it in again.
    """
    found = [report_in(one) for one in mails_in(mail.read())]
    ours = [report for report in found if report is not None]

    async def run() -> int:
        async with _post(settings) as post:
            return [await post.report(report) for report in ours].count(True)

    try:
        noted = anyio.run(run) if ours else 0
    except StoreLost as error:
        click.echo(str(error), err=True)
        sys.exit(_LATER)
    let_by = len(found) - noted
    click.echo(f"{len(found)} mails: {noted} tell of ours and are noted, {let_by} were let by.")


@asynccontextmanager
async def _post(settings: Settings) -> AsyncIterator[StoredPost]:
    async with opened(settings, "messages") as work:
        yield StoredPost(work, Queue(), SystemClock(), people_of(settings))
