"""`tellerline payments`: looked up, given back, and what is held taken or let go."""

import getpass
import sys
from datetime import datetime
from typing import Final

import anyio
import click
from sqlalchemy import select

from core import log
from core.clock import SystemClock
from core.errors import BadInput
from core.ids import PaymentId, new_id
from core.money import Money
from db.audit import append
from db.engine import Work
from db.payment_list import PaymentFilter, PaymentList
from db.tables import attempts
from node.commands.with_settings import with_settings
from node.database import opened
from node.keyring import people_of
from node.listing import listed
from node.settings import Settings
from node.tills import Till, till
from payments.disputes import Dispute
from payments.mistakes import NoSuchPayment
from payments.refunds import Refund, RefundState, TooMuchBack
from payments.session import State
from payments.store import Payment

_STATES: Final = [state.value for state in State]
_DAY: Final = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
_NOT_DONE: Final = 1
_BY = click.option("--by", "who", default=getpass.getuser, help="Who does it; you, unless said otherwise.")
_YES = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group()
def payments() -> None:
    """Look payments up; give money back; take or let go what is held."""
    log.configure("warning", "console")


@payments.command(
    "list",
    epilog="\b\nExamples:\n  tellerline payments list --state captured --from 2026-03-01\n"
    "  tellerline payments list --find 87654321",
)
@click.option("--state", type=click.Choice(_STATES), help="In this state alone.")
@click.option("--gateway", default="", help="Of this gateway alone.")
@click.option("--find", "q", default="", help="A payment's id, its receipt, or an account's number.")
@click.option("--from", "since", type=_DAY, help="Not before this day (UTC).")
@click.option("--to", "until", type=_DAY, help="Before this day (UTC).")
@click.option("--limit", default=50, show_default=True, help="How many at most.")
@with_settings
def list_(
    *,
    settings: Settings,
    state: str | None,
    gateway: str,
    q: str,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> None:
    """List payments, the newest first."""
    wanted = PaymentFilter(State(state) if state else None, gateway=gateway, since=since, until=until, q=q)

    async def run() -> list[Payment]:
        async with opened(settings, "payments") as work:
            return (await PaymentList(work, people_of(settings)).page(wanted, None, limit))[:limit]

    rows = [
        (
            one.id,
            f"{one.created_at:%Y-%m-%d %H:%M:%S}",
            one.amount.written(),
            one.state.value,
            one.gateway,
            f"{one.brand} {one.last4}".strip(),
            one.receipt,
            one.reason,
        )
        for one in anyio.run(run)
    ]
    listed(("id", "at", "amount", "state", "gateway", "card", "receipt", "why"), rows)


@payments.command(epilog="\b\nExample:\n  tellerline payments show pay_1m7z1emraa7720t4drhf4jt0x")
@click.argument("payment")
@with_settings
def show(settings: Settings, payment: str) -> None:
    """Show one payment: what was decided about it and why, what was given back, what is disputed."""

    async def run() -> list[tuple[str, str]]:
        async with opened(settings, "payments") as work:
            return await _told(work, PaymentId(payment))

    listed(("what", ""), anyio.run(run))


@payments.command(
    epilog="\b\nExamples:\n  tellerline payments refund pay_1m7z1emraa7720t4drhf4jt0x --reason twice\n"
    "  tellerline payments refund pay_1m7z1emraa7720t4drhf4jt0x --amount 20.00 --key case-4711 --yes"
)
@click.argument("payment")
@click.option("--amount", help="In the payment's currency; without it, all that is left.")
@click.option("--reason", default="", help="Why; it stands with the refund.")
@click.option("--key", default="", help="The same key gives money back once, however often you ask.")
@_BY
@_YES
@with_settings
def refund(
    *, settings: Settings, payment: str, amount: str | None, reason: str, key: str, who: str, yes: bool
) -> None:
    """Give money back, never more than was taken. Ends with 1 when it was not, or is not known to be."""

    async def run() -> Refund | TooMuchBack:
        async with till(settings, "refund") as one:
            found = await _found(one, payment)
            back = Money.parse(amount, found.amount.currency) if amount else None
            _sure(f"Give back {back.written() if back else 'all that is left'} of {_named(found)}?", yes=yes)
            done = await one.returning.refund(found.id, back, key or new_id("by_hand"), reason or f"by {who}")
            if isinstance(done, Refund):
                await _noted(one.work, f"refund {done.state.value} by hand", found.id, who)
            return done

    match anyio.run(run):
        case TooMuchBack(left):
            raise BadInput(f"{payment} has {left.written()} left to give back: nothing was")
        case Refund() as done:
            why = f": {done.reason}" if done.state is not RefundState.DONE and done.reason else ""
            click.echo(f"{done.id}  {done.amount.written()}  {done.state.value}{why}")
            sys.exit(0 if done.state is RefundState.DONE else _NOT_DONE)


@payments.command(
    epilog="\b\nExample:\n  tellerline payments capture pay_1m7z1emraa7720t4drhf4jt0x --amount 80.00"
)
@click.argument("payment")
@click.option("--amount", help="In the payment's currency; without it, all that is held.")
@_BY
@_YES
@with_settings
def capture(*, settings: Settings, payment: str, amount: str | None, who: str, yes: bool) -> None:
    """Take money that is held. Ends with 1 when it was not taken, or is not known to be."""

    async def run() -> Payment:
        async with till(settings, "capture") as one:
            found = await _found(one, payment)
            wanted = Money.parse(amount, found.amount.currency) if amount else None
            _sure(f"Take {wanted.written() if wanted else 'all'} of {_named(found)}?", yes=yes)
            done = await one.holding.capture(found.id, wanted)
            await _noted(one.work, f"{done.state.value} by hand", found.id, who)
            return done

    _ended(anyio.run(run), State.CAPTURED)


@payments.command(epilog="\b\nExample:\n  tellerline payments void pay_1m7z1emraa7720t4drhf4jt0x")
@click.argument("payment")
@_BY
@_YES
@with_settings
def void(*, settings: Settings, payment: str, who: str, yes: bool) -> None:
    """Let money go that is held. Ends with 1 when it was not let go, or is not known to be."""

    async def run() -> Payment:
        async with till(settings, "void") as one:
            found = await _found(one, payment)
            _sure(f"Let {_named(found)} go?", yes=yes)
            done = await one.holding.void(found.id)
            await _noted(one.work, f"{done.state.value} by hand", found.id, who)
            return done

    _ended(anyio.run(run), State.VOIDED)


async def _told(work: Work, payment: PaymentId) -> list[tuple[str, str]]:
    from db.stores import stored  # noqa: PLC0415 - each command loads what it needs

    stores = stored(work, SystemClock())
    found = await stores.payments.find(payment)
    if found is None:
        raise NoSuchPayment(payment)
    rows = [
        ("payment", found.id),
        (
            "amount",
            f"{found.amount.written()}, {Money(found.captured_minor, found.amount.currency).written()} taken",
        ),
        ("state", f"{found.state.value} {found.reason}".strip()),
        ("gateway", f"{found.gateway} {found.ref}".strip()),
        ("card", f"{found.brand} {found.last4}".strip()),
        ("receipt", found.receipt),
        ("account", found.account),
        ("call", found.call or "-"),
        ("at", f"{found.created_at:%Y-%m-%d %H:%M:%S}"),
    ]
    rows += await _decided(work, found)
    rows += [("refund", _refund(one)) for one in await stores.refunds.of(payment)]
    return rows + [("dispute", _dispute(one)) for one in await stores.disputes.of(payment)]


async def _decided(work: Work, payment: Payment) -> list[tuple[str, str]]:
    if payment.attempt is None:
        return []
    query = select(attempts.c.risk, attempts.c.route).where(attempts.c.id == payment.attempt)
    async with work.single() as tx:
        row = (await tx.execute(query)).one()
    risk = f"{row.risk['decision']} ({row.risk['score']:.2f}, {row.risk['model']})"
    chosen = [(f"{one['gateway']}", "; ".join(one["reasons"])) for one in row.route["choices"]]
    passed = [(f"not {one['gateway']}", one["reason"]) for one in row.route["passed"]]
    told = [("risk", "; ".join([risk, *row.risk["reasons"]])), ("route", row.route["policy"])]
    return told + [("", f"{gateway}: {why}") for gateway, why in (*chosen, *passed)]


def _refund(one: Refund) -> str:
    return f"{one.id} {one.amount.written()} {one.state.value} {one.reason}".strip()


def _dispute(one: Dispute) -> str:
    due = f", evidence until {one.due_by:%Y-%m-%d}" if one.due_by else ""
    return f"{one.gateway} {one.ref} {one.amount.written()} {one.stage.value} {one.reason}{due}".strip()


async def _found(one: Till, payment: str) -> Payment:
    found = await one.stores.payments.find(PaymentId(payment))
    if found is None:
        raise NoSuchPayment(PaymentId(payment))
    return found


async def _noted(work: Work, action: str, payment: PaymentId, who: str) -> None:
    async with work.begin() as tx:
        await append(tx, SystemClock().now(), action, payment, {"by": who})


def _named(payment: Payment) -> str:
    card = f", {payment.brand} {payment.last4}" if payment.last4 else ""
    return f"{payment.id} ({payment.amount.written()}{card})"


def _sure(question: str, *, yes: bool) -> None:
    if not yes:
        click.confirm(question, abort=True)


def _ended(payment: Payment, wanted: State) -> None:
    click.echo(f"{payment.id}  {payment.amount.written()}  {payment.state.value} {payment.reason}".strip())
    sys.exit(0 if payment.state is wanted else _NOT_DONE)
