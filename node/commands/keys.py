"""`tellerline keys` and `tellerline erase`: the master key, what it seals, and a person erased."""

import anyio
import click
from rich.console import Console

from core import log
from core.clock import SystemClock
from core.errors import BadInput
from db.erase import Erased
from db.erase import erase as erase_person
from db.fact_protect import plain_facts, protect_facts
from db.keys_file import MasterFile
from db.people import People
from db.protect import Protected, plain_rows
from db.protect import protect as protect_rows
from db.rewrap import masters_in_use, rewrap
from node.bars import Bars
from node.commands.with_settings import with_settings
from node.database import opened
from node.keyring import master_of
from node.settings import Settings


@click.group()
def keys() -> None:
    """The keys under which names, telephone numbers and account numbers are sealed."""
    log.configure("warning", "console")


@keys.command()
@with_settings
def show(settings: Settings) -> None:
    """Say which master keys are in use, and what is not sealed yet."""

    async def run() -> tuple[frozenset[str], int]:
        async with opened(settings, "keys") as work:
            return await masters_in_use(work), await plain_rows(work) + await plain_facts(work)

    current = master_of(settings).current
    used, plain = anyio.run(run)
    click.echo(f"{current} seals from now on.")
    for name in sorted(used - {current}):
        click.echo(f"{name} still seals data keys: `tellerline keys rotate` ends that.")
    if plain:
        click.echo(f"{plain} rows are not sealed yet: `tellerline keys protect` seals them.")


@keys.command()
@with_settings
def protect(settings: Settings) -> None:
    """Seal what stands in the database unsealed; the line may run meanwhile."""

    async def run() -> tuple[Protected, int]:
        async with opened(settings, "keys") as work:
            people, clock = People(master_of(settings), SystemClock()), SystemClock()
            with Bars(Console(stderr=True)) as bars:
                done = await protect_rows(work, people, clock, bars.show)
                return done, await protect_facts(work, people, clock, bars.show)

    done, facts = anyio.run(run)
    rows = f"{done.accounts} accounts, {done.callers} numbers of theirs, {done.calls} calls, {facts} facts"
    click.echo(f"Sealed: {rows}.")


@keys.command()
@click.option("--no-new", is_flag=True, help="Make no new key: wrap with the newest that is there.")
@click.option("--forget", is_flag=True, help="Then take the older keys out of the file; backups need them.")
@with_settings
def rotate(settings: Settings, no_new: bool, forget: bool) -> None:
    """Make a new master key, and wrap every data key with it, while the line goes on."""
    master = master_of(settings)
    if not no_new:
        master.renew()

    async def run() -> tuple[int, frozenset[str]]:
        async with opened(settings, "keys") as work:
            with Bars(Console(stderr=True)) as bars:
                return await rewrap(work, master, SystemClock(), bars.show), await masters_in_use(work)

    wrapped, used = anyio.run(run)
    click.echo(f"{master.current} wraps {wrapped} data keys anew.")
    if forget:
        if not isinstance(master, MasterFile):
            raise BadInput("keys of a PKCS#11 module are taken away with the module's own tools")
        click.echo(f"Forgotten: {', '.join(master.forget(used)) or 'none'}.")


@click.command()
@click.argument("account")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_settings
def erase(settings: Settings, account: str, yes: bool) -> None:
    """Erase the person with this ACCOUNT number: its keys are destroyed for good. Bills and payments stay."""
    log.configure("warning", "console")
    if not yes:
        click.confirm(
            f"Nobody will ever read the name and numbers of account {account} again. Go on?", abort=True
        )

    async def run() -> Erased:
        async with opened(settings, "erase") as work:
            people = People(master_of(settings), SystemClock())
            return await erase_person(work, people, SystemClock(), account)

    done = anyio.run(run)
    click.echo(
        f"{done.account} is erased, with {done.callers} telephone numbers. The audit trail tells of it."
    )
