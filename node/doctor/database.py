"""The database: whether it answers, and has the tables of this release."""

import anyio

from core.errors import StoreLost
from db import migrate
from db.engine import place
from node.doctor.finding import Finding, broken, fine
from node.settings import Settings


async def look(settings: Settings) -> list[Finding]:
    """Ask it; one of our own is started by `tellerline run` and needs nothing."""
    url = settings.database.url
    if not url:
        return [fine("database", f"our own, started with the line in {settings.line.data}")]
    return [await anyio.to_thread.run_sync(_ask, url)]


def _ask(url: str) -> Finding:
    try:
        faults = migrate.check(url)
    except StoreLost as error:
        return broken("database", str(error), "start PostgreSQL, or set database.url to where it runs")
    if faults:
        return broken("database", "; ".join(faults), "tellerline migrate")
    return fine("database", f"{place(url)} has the tables of this release")
