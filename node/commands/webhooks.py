"""`tellerline webhooks`: who is told of what happens, and what became of each message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio
import click

from core import log
from core.clock import SystemClock
from db.queue import Queue
from db.webhook_deliveries import StoredDeliveries
from db.webhook_endpoints import StoredEndpoints
from db.webhook_events import StoredEvents
from node.commands.with_settings import with_settings
from node.database import opened
from node.listing import listed
from node.settings import Settings
from payments.webhooks.delivery import Delivery, DeliveryState, Endpoint
from payments.webhooks.topics import ASKED_FOR

_KEEP_HOURS = 24.0
_STATES = [state.value for state in DeliveryState]


@click.group()
def webhooks() -> None:
    """Tell other programs of payments, links and calls, signed by Standard Webhooks."""
    log.configure("warning", "console")


@webhooks.command("list")
@with_settings
def list_(settings: Settings) -> None:
    """List endpoints: who is told, and of what."""

    async def run() -> list[Endpoint]:
        async with _stores(settings) as stores:
            return await stores.endpoints.all()

    rows = []
    for one in anyio.run(run):
        state = f"disabled: {one.disabled_why}" if one.disabled_at else "told"
        rows.append((one.id, one.url or "(its messages name their own)", " ".join(one.topics), state))
    listed(("id", "url", "topics", "state"), rows)


@webhooks.command(epilog="\b\nTopics:\n" + "\n".join(f"  {topic}" for topic in ASKED_FOR))
@click.argument("url")
@click.option(
    "--topic",
    "topics",
    multiple=True,
    default=("*",),
    help="A topic, `payment.*`, or `*` for all but each word and key.",
)
@with_settings
def add(settings: Settings, url: str, topics: tuple[str, ...]) -> None:
    """Tell URL of topics from now on; prints the secret that signs, once."""

    async def run() -> tuple[Endpoint, str]:
        async with _stores(settings) as stores:
            return await stores.endpoints.add(url, topics)

    endpoint, secret = anyio.run(run)
    click.echo(
        f"{endpoint.id} is told of {' '.join(topics)}. Its receiver needs this secret, shown only now:"
    )
    click.echo(secret)


@webhooks.command()
@click.argument("endpoint")
@click.option("--keep-hours", default=_KEEP_HOURS, show_default=True, help="How long the old one signs too.")
@with_settings
def rotate(settings: Settings, endpoint: str, keep_hours: float) -> None:
    """Give ENDPOINT a new secret; for a while messages carry the signatures of both."""

    async def run() -> str:
        async with _stores(settings) as stores:
            return await stores.endpoints.rotate(endpoint, timedelta(hours=keep_hours))

    click.echo(anyio.run(run))


@webhooks.command()
@click.argument("endpoint")
@click.option("--why", default="asked for", show_default=True, help="Is shown in the list.")
@with_settings
def disable(settings: Settings, endpoint: str, why: str) -> None:
    """Tell ENDPOINT nothing more; what waits for it goes to the dead letters."""

    async def run() -> None:
        async with _stores(settings) as stores:
            await stores.endpoints.disable(endpoint, why)

    anyio.run(run)


@webhooks.command()
@click.argument("endpoint")
@with_settings
def enable(settings: Settings, endpoint: str) -> None:
    """Tell ENDPOINT again of what happens from now on."""

    async def run() -> None:
        async with _stores(settings) as stores:
            await stores.endpoints.enable(endpoint)

    anyio.run(run)


@webhooks.command()
@click.option("--endpoint", default="", help="Of this endpoint alone.")
@click.option("--state", type=click.Choice(_STATES), help="`dead` lists the dead letters.")
@click.option("--limit", default=50, show_default=True, help="How many at most.")
@with_settings
def deliveries(settings: Settings, endpoint: str, state: str | None, limit: int) -> None:
    """List what was told, the newest first, and how far it got."""

    async def run() -> list[Delivery]:
        async with _stores(settings) as stores:
            return await stores.deliveries.all(endpoint, DeliveryState(state) if state else None, limit)

    rows = [
        (one.id, one.topic, one.url, one.state.value, str(one.attempts), one.answer, _at(one.next_at))
        for one in anyio.run(run)
    ]
    listed(("id", "topic", "to", "state", "attempts", "answer", "next"), rows)


@webhooks.command()
@click.argument("delivery")
@with_settings
def resend(settings: Settings, delivery: str) -> None:
    """Send the event of DELIVERY to its endpoint once more."""

    async def run() -> str:
        async with _stores(settings) as stores:
            return await stores.deliveries.resend(delivery, stores.events)

    click.echo(f"It is sent again as {anyio.run(run)}, by whichever node runs.")


@dataclass(frozen=True, slots=True)
class _Stores:
    endpoints: StoredEndpoints
    deliveries: StoredDeliveries
    events: StoredEvents


@asynccontextmanager
async def _stores(settings: Settings) -> AsyncIterator[_Stores]:
    async with opened(settings, "webhooks") as work:
        queue, clock = Queue(), SystemClock()
        yield _Stores(
            StoredEndpoints(work, clock),
            StoredDeliveries(work, queue, clock),
            StoredEvents(work, queue, clock),
        )


def _at(time: datetime | None) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S") if time else ""
