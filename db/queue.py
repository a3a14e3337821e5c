"""Putting a job into the queue, in the transaction of the change that causes it; db.jobs runs it."""

from typing import Final

from procrastinate import App, PsycopgConnector
from sqlalchemy.ext.asyncio import AsyncConnection

QUEUE: Final = "errands"


class Queue:
    """Where jobs are put; whoever runs Jobs with a handle of the job's name does them."""

    def __init__(self) -> None:
        self._app = App(connector=PsycopgConnector())  # never opened: jobs go in by the caller's connection

    async def put(self, tx: AsyncConnection, name: str, subject: str, after_s: float = 0.0) -> None:
        """Queue a job about a subject; two jobs of one name and subject are never done at the same time."""
        raw = await tx.get_raw_connection()
        await self._app.configure_task(
            name,
            queue=QUEUE,
            connection=raw.driver_connection,
            schedule_in={"milliseconds": round(after_s * 1000)},
            lock=f"{name} {subject}",
        ).defer_async(subject=subject)
