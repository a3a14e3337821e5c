"""Jobs: work that a change causes, queued in the transaction of that change and run until it is done."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import anyio
import psycopg
import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.tasks import Task
from psycopg_pool import PoolTimeout
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import BadInput
from core.ids import PaymentId
from db.engine import Work, plain_url
from db.queue import QUEUE

log = structlog.get_logger(__name__)

Settle = Callable[[PaymentId], Awaitable[None]]
"""Asks the gateway what became of a payment; raises OutOfReach to be asked again later."""

Handle = Callable[[str], Awaitable[None]]
"""Does the job of one subject (db.queue); raises to be asked again later."""

SETTLE = "settle_payment"

_AGAIN_S = 1.0
_POLL_S = 2.0
_GRACE_S = 10.0

_FAILED = text("""
    SELECT j.id, j.task_name, j.args, j.attempts, max(e.at) AS failed_at
      FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id
     WHERE j.status = 'failed' GROUP BY j.id ORDER BY j.id LIMIT :limit
""")


_AGAIN = text("SELECT id FROM procrastinate_jobs WHERE id = :job AND status = 'failed' FOR UPDATE")
_RETRY = text("SELECT procrastinate_retry_job_v2(:job, clock_timestamp(), NULL, NULL, NULL)")


@dataclass(frozen=True, slots=True)
class Attempts:
    """When a job runs first, and how often again after it failed: `growth_s` to the power of the attempt."""

    first_after_s: float = 5.0
    times: int = 10
    growth_s: int = 2


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that failed for good; `again` sends it once more."""

    id: int
    task: str
    subject: str
    attempts: int


class Jobs:
    """The job engine (procrastinate) on the same database as everything else.

    A job is at least once: a node that dies in the middle leaves it to another, after `stalled_s`.
    """

    def __init__(
        self,
        work: Work,
        url: str,
        settle: Settle,
        attempts: Attempts | None = None,
        stalled_s: float = 30.0,
        *,
        handles: Mapping[str, Handle] = MappingProxyType({}),
    ) -> None:
        """`handles` do the jobs that db.queue puts in, by their names."""
        self._work = work
        self._attempts = attempts or Attempts()
        self._stalled_s = stalled_s
        self._app = App(connector=_connector(url))
        self._settle = self._task(settle)
        for name, handle in handles.items():
            self._handled(name, handle)

    async def settle_soon(self, tx: AsyncConnection, payment: PaymentId) -> None:
        """Queue the question about a payment, in the transaction that left it UNKNOWN."""
        raw = await tx.get_raw_connection()
        await self._settle.configure(
            connection=raw.driver_connection,
            schedule_in={"milliseconds": round(self._attempts.first_after_s * 1000)},
            lock=str(payment),
        ).defer_async(payment=str(payment))

    async def run(self, concurrency: int = 4) -> None:
        """Run jobs until cancelled; waits out a lost database."""
        while True:
            try:
                async with self._app.open_async(), anyio.create_task_group() as group:
                    group.start_soon(self._rescue)
                    await self._work_off(concurrency)
                    group.cancel_scope.cancel()
            except* (ConnectorException, PoolTimeout, psycopg.OperationalError) as lost:
                log.warning("jobs wait: the database is away", why=str(lost.exceptions[0]))
            await anyio.sleep(_AGAIN_S)

    async def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """Jobs that failed for good, oldest first."""
        async with self._work.begin() as tx:
            rows = (await tx.execute(_FAILED, {"limit": limit})).all()
        return [
            DeadLetter(row.id, row.task_name, " ".join(map(str, row.args.values())), row.attempts)
            for row in rows
        ]

    async def again(self, job: int) -> None:
        """Send a dead letter once more, now; BadInput when there is no such one."""
        async with self._work.begin() as tx:
            if (await tx.execute(_AGAIN, {"job": job})).first() is None:
                raise BadInput(f"there is no failed job {job}: list them first")
            await tx.execute(_RETRY, {"job": job})

    async def _work_off(self, concurrency: int) -> None:
        # A task of its own, told once to end: a worker that is cancelled again and again, as task groups do
        # it, leaves its own tasks behind.
        worker = asyncio.create_task(
            self._app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                fetch_job_polling_interval=_POLL_S,
                update_heartbeat_interval=self._stalled_s / 3,
                stalled_worker_timeout=self._stalled_s,
                shutdown_graceful_timeout=_GRACE_S,
                delete_jobs="successful",
            )
        )
        try:
            await asyncio.wait([worker])
        finally:
            worker.cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.wait([worker], timeout=2 * _GRACE_S)
            lost = None if worker.cancelled() or not worker.done() else worker.exception()
        if lost is not None:
            raise lost

    async def _rescue(self) -> None:
        while True:
            for job in await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._stalled_s):
                log.warning("job of a dead node is run again", job=job.id, task=job.task_name)
                await self._app.job_manager.retry_job(job)
            await anyio.sleep(self._stalled_s / 3)

    def _task(self, settle: Settle) -> Task[..., Awaitable[None], ...]:
        async def settle_payment(payment: str) -> None:
            await settle(PaymentId(payment))

        return self._app.task(name=SETTLE, queue="payments", retry=self._retry())(settle_payment)

    def _handled(self, name: str, handle: Handle) -> None:
        async def job(subject: str) -> None:
            await handle(subject)

        self._app.task(name=name, queue=QUEUE, retry=self._retry())(job)

    def _retry(self) -> RetryStrategy:
        return RetryStrategy(max_attempts=self._attempts.times, exponential_wait=self._attempts.growth_s)


def _connector(url: str) -> PsycopgConnector:
    session = {"application_name": "tellerline jobs", "connect_timeout": 5}
    return PsycopgConnector(conninfo=plain_url(url), min_size=1, max_size=4, timeout=5.0, kwargs=session)
