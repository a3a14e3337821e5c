"""`tellerline api-keys`: keys by which programs ask the API."""

from datetime import datetime, timedelta

import anyio
import click

from api.scopes import Scope
from core import log
from db.api_keys import ApiKey
from node.commands.users import reception
from node.commands.with_settings import with_settings
from node.listing import listed
from node.settings import Settings

_SCOPES = [scope.value for scope in Scope if scope not in (Scope.SELF, Scope.OPEN)]
_ALL = 10_000
_KEEP_HOURS = 24.0


@click.group("api-keys")
def api_keys() -> None:
    """Keys by which programs ask the API; `tellerline keys` is about what seals names and numbers."""
    log.configure("warning", "console")


@api_keys.command("list", epilog="\b\nExample:\n  tellerline api-keys list")
@with_settings
def list_(settings: Settings) -> None:
    """List keys: how each begins, what it may do, and when it was last used."""

    async def run() -> list[ApiKey]:
        async with reception(settings, "api-keys list") as kept:
            return await kept.keys.page(None, _ALL)

    rows = [
        (one.id, one.name, f"{one.start}...", " ".join(one.scopes), _at(one.used_at), _state(one))
        for one in anyio.run(run)
    ]
    listed(("id", "name", "begins", "scopes", "last used", "state"), rows)


@api_keys.command(
    epilog="\b\nExamples:\n  tellerline api-keys add billing --scope payments:read --scope ledger:read\n"
    "  tellerline api-keys add deploy --scope prompts:write --days 90\n\b\nScopes:\n  " + "\n  ".join(_SCOPES)
)
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(_SCOPES), metavar="SCOPE")
@click.option("--days", type=float, help="How long it is taken.  [default: until it is revoked]")
@with_settings
def add(settings: Settings, name: str, scopes: tuple[str, ...], days: float | None) -> None:
    """Make a key for the program NAME, and print it, once."""

    async def run() -> tuple[ApiKey, str]:
        async with reception(settings, "api-keys add") as kept:
            lasts = timedelta(days=days) if days is not None else None
            return await kept.keys.add(name, scopes, "command line", lasts)

    key, secret = anyio.run(run)
    click.echo(f"{key.id} may {', '.join(key.scopes)}. The key, shown only now:")
    click.echo(secret)


@api_keys.command(epilog="\b\nExample:\n  tellerline api-keys rotate key_0123 --keep-hours 1")
@click.argument("key")
@click.option(
    "--keep-hours", default=_KEEP_HOURS, show_default=True, help="How long the old one is taken too."
)
@with_settings
def rotate(settings: Settings, key: str, keep_hours: float) -> None:
    """Give KEY (an id) a new secret; the old one is taken for a while."""

    async def run() -> str:
        async with reception(settings, "api-keys rotate") as kept:
            return await kept.keys.rotate(key, timedelta(hours=keep_hours))

    click.echo(anyio.run(run))


@api_keys.command(epilog="\b\nExample:\n  tellerline api-keys revoke key_0123")
@click.argument("key")
@with_settings
def revoke(settings: Settings, key: str) -> None:
    """Take KEY (an id) no more, nor the tokens made from it."""

    async def run() -> None:
        async with reception(settings, "api-keys revoke") as kept:
            await kept.keys.revoke(key)

    anyio.run(run)
    click.echo(f"{key} is revoked.")


def _at(time: datetime | None) -> str:
    return time.strftime("%Y-%m-%d %H:%M") if time else "never"


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return f"revoked {_at(key.revoked_at)}"
    return f"until {_at(key.expires_at)}" if key.expires_at else "taken"
