"""The database that the settings name: the operator's own, or the embedded one, brought to this release."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread

from db.engine import Work
from db.release import is_current
from node.parts.postgres import Postgres
from node.settings import Settings

NAME = "tellerline"


@asynccontextmanager
async def reached(settings: Settings) -> AsyncIterator[str]:
    """The URL of the database; the embedded one is started, or joined where it runs already."""
    if settings.database.url:
        yield settings.database.url
        return
    async with Postgres(settings.line.data / "postgres") as server:
        yield await server.create(NAME)


@asynccontextmanager
async def opened(settings: Settings, command: str) -> AsyncIterator[Work]:
    """Units of work for a command, on the database that the settings name, brought to this release."""
    async with reached(settings) as url:
        await migrated(url)
        work = Work(url, name=f"tellerline {command}")
        try:
            yield work
        finally:
            await work.close()


async def migrated(url: str) -> None:
    """Bring the database to this release, off the event loop."""
    await anyio.to_thread.run_sync(_upgrade, url)


def _upgrade(url: str) -> None:
    if not is_current(url):
        from db import migrate  # noqa: PLC0415 - it takes half a second, and is needed once a release

        migrate.upgrade(url)
