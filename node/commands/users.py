"""`tellerline users`: who signs in, as what, and who no longer does."""

import getpass
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import click

from api.access.passwords import Passwords
from api.roles import Role
from api.routes.users import ONCE, give_one_time_password
from core import log
from core.clock import SystemClock
from db.actor import Actor, acting
from db.users import Change, User
from node.access import Stores, stores
from node.api_access import api_url
from node.commands.with_settings import with_settings
from node.database import opened
from node.listing import listed
from node.settings import Settings

_ROLES = click.Choice([role.value for role in Role])
_ALL = 10_000


@click.group()
def users() -> None:
    """People who sign in: what they may do is their role's (docs/reference/roles.md)."""
    log.configure("warning", "console")


@users.command("list", epilog="\b\nExample:\n  tellerline users list")
@with_settings
def list_(settings: Settings) -> None:
    """List users: their role, what they have beside the password, and who is locked."""

    async def run() -> list[tuple[str, ...]]:
        async with reception(settings, "users list") as kept:
            return [await _row(kept, one) for one in await kept.users.page(None, _ALL)]

    listed(("id", "email", "name", "role", "second factor", "state"), anyio.run(run))


@users.command(
    epilog="\b\nExamples:\n  tellerline users add robin@example.com --role admin\n"
    "  tellerline users add sam@example.com --role agent --name 'Sam Example'"
)
@click.argument("email")
@click.option("--role", type=_ROLES, required=True, help="What the user is for.")
@click.option("--name", default="", help="As others see it.")
@click.option("--language", default="en", show_default=True, help="Of the page.")
@with_settings
def add(settings: Settings, email: str, role: str, name: str, language: str) -> None:
    """Add a user, and print a one-time password: it is changed at the first sign-in."""

    async def run() -> str:
        async with reception(settings, "users add") as kept:
            user = await kept.users.add(email, name, role, language)
            return await _once(kept, user)

    _print_once(settings, email, anyio.run(run))


@users.command(epilog="\b\nExample:\n  tellerline users role sam@example.com finance")
@click.argument("email")
@click.argument("role", type=_ROLES)
@with_settings
def role(settings: Settings, email: str, role: str) -> None:
    """Give a user another ROLE, from the next request on."""
    anyio.run(_change, settings, "users role", email, Change(role=role))
    click.echo(f"{email} is {role} now.")


@users.command(epilog="\b\nExample:\n  tellerline users lock sam@example.com")
@click.argument("email")
@with_settings
def lock(settings: Settings, email: str) -> None:
    """Let a user in no more, and sign them out everywhere; `unlock` undoes it."""
    anyio.run(_change, settings, "users lock", email, Change(locked=True))
    click.echo(f"{email} is locked, and signed out everywhere.")


@users.command(epilog="\b\nExample:\n  tellerline users unlock sam@example.com")
@click.argument("email")
@with_settings
def unlock(settings: Settings, email: str) -> None:
    """Let a user in again: ends the lock of an admin, and the one after too many wrong tries."""
    anyio.run(_change, settings, "users unlock", email, Change(locked=False))
    click.echo(f"{email} may sign in.")


@users.command(epilog="\b\nExample:\n  tellerline users reset sam@example.com")
@click.argument("email")
@with_settings
def reset(settings: Settings, email: str) -> None:
    """Print a new one-time password; second factors are removed, and every browser is signed out."""

    async def run() -> str:
        async with reception(settings, "users reset") as kept:
            user = await kept.users.named(email)
            await kept.factors.remove_totp(user.id)
            await kept.passkeys.remove(user.id)
            await kept.tries.forget(user.email)
            return await _once(kept, user)

    _print_once(settings, email, anyio.run(run))


@users.command(epilog="\b\nExample:\n  tellerline users remove sam@example.com --yes")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_settings
def remove(settings: Settings, email: str, yes: bool) -> None:
    """Remove a user for good; what they did stays in the audit log."""
    if not yes:
        click.confirm(f"Remove {email}?", abort=True)

    async def run() -> None:
        async with reception(settings, "users remove") as kept:
            await kept.users.remove((await kept.users.named(email)).id)

    anyio.run(run)
    click.echo(f"{email} is removed.")


@asynccontextmanager
async def reception(settings: Settings, command: str) -> AsyncIterator[Stores]:
    """The stores of users and keys for a command, which is named in the audit log with who runs it."""
    actor = Actor(f"command line: {_login()}", "this machine")
    async with opened(settings, command) as work:
        with acting(actor):
            yield stores(settings, work, SystemClock())


def _login() -> str:
    return os.environ.get("SUDO_USER") or getpass.getuser()


async def _change(settings: Settings, command: str, email: str, change: Change) -> None:
    async with reception(settings, command) as kept:
        user = await kept.users.named(email)
        await kept.users.change(user.id, change)
        if change.locked is False:
            await kept.tries.forget(user.email)


async def _once(kept: Stores, user: User) -> str:
    return await give_one_time_password(kept.users, Passwords(), user, SystemClock())


def _print_once(settings: Settings, email: str, password: str) -> None:
    hours = round(ONCE.total_seconds() / 3600)
    where = settings.api.url or api_url(settings.api)
    click.echo(f"{email} signs in at {where} within {hours} hours, and chooses another password there.")
    click.echo("The one-time password, shown only now:")
    click.echo(password)


async def _row(kept: Stores, user: User) -> tuple[str, ...]:
    factors = [*(["app"] if user.totp else []), *([f"{user.passkeys} passkeys"] if user.passkeys else [])]
    until = await kept.tries.locked_until(user.email)
    state = "locked" if user.locked_at else f"locked until {until:%H:%M} UTC" if until else ""
    first = "one-time password" if user.password_until else ""
    told = ", ".join(filter(None, (state, first))) or "may sign in"
    return (user.id, user.email, user.name, user.role, ", ".join(factors) or "none", told)
