"""`tellerline disputes`: what cardholders dispute before their banks, and how it ended."""

import getpass
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import anyio
import click

from core import log
from core.clock import SystemClock
from core.errors import BadInput
from core.ids import PaymentId, new_id
from core.money import Money
from db.audit import append
from db.dispute_list import DisputeFilter, DisputeList
from db.disputes import StoredDisputes
from db.engine import Work
from db.payments import StoredPayments
from node.commands.with_settings import with_settings
from node.database import opened
from node.listing import listed
from node.settings import Settings
from node.tills import till
from payments.contesting import Contesting
from payments.disputes import AnswerState, Dispute
from payments.mistakes import NoSuchPayment
from payments.notice import DisputeNews, Stage

_BY = click.option("--by", "who", default=getpass.getuser, help="Who does it; you, unless said otherwise.")
_STAGES: Final = [stage.value for stage in Stage]


@click.group()
def disputes() -> None:
    """Follow payments that their cardholders dispute, and answer."""
    log.configure("warning", "console")


@disputes.command(
    "list",
    epilog="\b\nExamples:\n  tellerline disputes list --stage opened\n"
    "  tellerline disputes list --due-days 7",
)
@click.option("--stage", type=click.Choice(_STAGES), help="In this stage alone.")
@click.option("--gateway", default="", help="Of this gateway alone.")
@click.option("--due-days", type=click.IntRange(0), help="Whose evidence is due within so many days.")
@click.option("--limit", default=50, show_default=True, help="How many at most.")
@with_settings
def list_(settings: Settings, stage: str | None, gateway: str, due_days: int | None, limit: int) -> None:
    """List disputes, the newest first."""
    due = datetime.now(UTC) + timedelta(days=due_days) if due_days is not None else None
    wanted = DisputeFilter(Stage(stage) if stage else None, gateway=gateway, due_before=due)

    async def run() -> list[Dispute]:
        async with opened(settings, "disputes") as work:
            return (await DisputeList(work).page(wanted, None, limit))[:limit]

    _listed(anyio.run(run))


@disputes.command(epilog="\b\nExample:\n  tellerline disputes show dp_1m7z1emraa7720t4drhf4jt0x")
@click.argument("ref")
@with_settings
def show(settings: Settings, ref: str) -> None:
    """Show the dispute that its gateway calls REF."""

    async def run() -> list[Dispute]:
        async with opened(settings, "disputes") as work:
            return await _known(work, ref, "")

    _listed(anyio.run(run))


@disputes.command(
    epilog="\b\nExample:\n  tellerline disputes note CB-77 --stage lost --payment pay_1m7z1emraa7720t4drhf4j"
)
@click.argument("ref")
@click.option("--payment", required=True, help="The payment that is disputed.")
@click.option("--stage", type=click.Choice(_STAGES), required=True)
@click.option("--amount", help="In the payment's currency; without it, all of it.")
@click.option("--reason", default="", help="The bank's word for it.")
@with_settings
def note(*, settings: Settings, ref: str, payment: str, stage: str, amount: str | None, reason: str) -> None:
    """Write down what a gateway told by letter; those that tell by webhook need no help."""

    async def run() -> Dispute:
        async with opened(settings, "disputes") as work:
            found = await StoredPayments(work, SystemClock()).find(PaymentId(payment))
            if found is None:
                raise NoSuchPayment(PaymentId(payment))
            disputed = Money.parse(amount, found.amount.currency) if amount else found.amount
            news = DisputeNews(found.ref, ref, Stage(stage), disputed, reason)
            return await StoredDisputes(work, SystemClock()).note(found.id, news)

    _listed([anyio.run(run)])


@disputes.command(
    epilog="\b\nExample:\n  tellerline disputes evidence dp_1m7z1emraa7720t4 --text 'Paid on 3 March'"
)
@click.argument("ref")
@click.option("--text", required=True, help="What speaks against it, in words for the bank.")
@click.option("--key", default="", help="The same key hands it in once, however often you ask.")
@_BY
@with_settings
def evidence(*, settings: Settings, ref: str, text: str, key: str, who: str) -> None:
    """Hand evidence in against the dispute REF. Ends with 1 when it was not, or is not known to be."""
    _answer(
        settings, ref, who, lambda by, one: by.contest(one.gateway, one.ref, text, key or new_id("by_hand"))
    )


@disputes.command(epilog="\b\nExample:\n  tellerline disputes accept dp_1m7z1emraa7720t4 --yes")
@click.argument("ref")
@click.option("--key", default="", help="The same key gives it up once, however often you ask.")
@_BY
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_settings
def accept(*, settings: Settings, ref: str, key: str, who: str, yes: bool) -> None:
    """Give the dispute REF up: the cardholder keeps the money, and it cannot be taken back."""
    if not yes:
        click.confirm(f"Give {ref} up, and the money with it?", abort=True)
    _answer(settings, ref, who, lambda by, one: by.concede(one.gateway, one.ref, key or new_id("by_hand")))


_Say = Callable[[Contesting, Dispute], Awaitable[Dispute]]


def _answer(settings: Settings, ref: str, who: str, say: _Say) -> None:
    async def run() -> Dispute:
        async with till(settings, "disputes") as one:
            (dispute, *more) = await _known(one.work, ref, "")
            if more:
                raise BadInput(f"several gateways have a dispute {ref!r}: answer it in the dashboard")
            said = await say(one.contesting, dispute)
            if said.answer is not None:
                action = f"dispute {said.answer.kind.value} {said.answer.state.value} by hand"
                async with one.work.begin() as tx:
                    await append(tx, SystemClock().now(), action, said.payment, {"by": who, "ref": said.ref})
            return said

    said = anyio.run(run)
    _listed([said])
    answer = said.answer
    if answer is None or answer.state is not AnswerState.DONE:
        click.echo(f"{answer.state.value}: {answer.reason}" if answer else "not answered")
        sys.exit(1)


async def _known(work: Work, ref: str, gateway: str) -> list[Dispute]:
    found = await DisputeList(work).page(DisputeFilter(ref=ref, gateway=gateway), None, 10)
    if not found:
        raise BadInput(f"there is no dispute {ref!r}: `tellerline disputes list` shows them")
    return found


def _listed(found: list[Dispute]) -> None:
    rows = [
        (
            one.ref,
            one.gateway,
            one.payment,
            one.amount.written(),
            one.stage.value,
            one.reason,
            f"{one.answer.kind.value} {one.answer.state.value}" if one.answer else "",
            f"{one.due_by:%Y-%m-%d}" if one.due_by else "",
        )
        for one in found
    ]
    listed(("dispute", "gateway", "payment", "amount", "stage", "reason", "answer", "evidence until"), rows)
