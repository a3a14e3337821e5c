"""Facts of conversations, written behind the call's back: telling never waits."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from uuid import uuid4

import anyio
import structlog

from core.clock import Clock
from core.errors import StoreLost
from core.events import Fact, PaymentMoved
from db.engine import Work
from db.fact_rows import FactRow, insert_rows, to_row
from db.fact_seal import FactSeal

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many facts may wait, how many are written at once, and how long to wait, in seconds.

    `gather_s` is for the first fact after a quiet time, `every_s` from one transaction to the next: a few
    large ones cost a fraction of many small ones. `again_s` and `again_at_most_s` are for a lost database.
    """

    waiting: int = 20_000
    batch: int = 500
    gather_s: float = 0.05
    every_s: float = 0.2
    again_s: float = 0.2
    again_at_most_s: float = 5.0


class KeptFacts:
    """The Facts protocol over PostgreSQL: `tell` queues, `run` writes in batches and in order.

    While the database is away the queue grows up to `Pace.waiting`; then the oldest fact is dropped, and the
    log says how many. Each is kept once, even when a commit's answer was lost. PaymentMoved is passed over:
    the payments store writes it in the transaction of the move itself.
    """

    def __init__(
        self, work: Work, clock: Clock, pace: Pace | None = None, *, seal: FactSeal | None = None
    ) -> None:
        self._work, self._seal = work, seal
        self._clock = clock
        self._pace = pace or Pace()
        self._teller = uuid4().hex
        self._told = 0
        self._dropped = 0
        self._waiting: deque[FactRow] = deque()
        self._writing: list[FactRow] = []
        self._wake: Callable[[], None] | None = None

    def tell(self, fact: Fact) -> None:
        """Hand a fact on; it is kept soon after. For the event loop's own thread."""
        if isinstance(fact, PaymentMoved):
            return
        self._told += 1
        self._waiting.append(to_row(fact, self._clock.now(), self._teller, self._told))
        if len(self._waiting) > self._pace.waiting:
            self._waiting.popleft()
            self._dropped += 1
        if self._wake is not None:
            self._wake()

    @property
    def waiting(self) -> int:
        """How many facts are not written yet."""
        return len(self._waiting) + len(self._writing)

    async def run(self) -> None:
        """Write what is told, until cancelled; a lost database is waited for."""
        next_s = anyio.current_time()
        while True:
            told = anyio.Event()
            self._wake = told.set
            if not self.waiting:
                await told.wait()
            if self.waiting < self._pace.batch:
                await anyio.sleep_until(max(next_s, anyio.current_time() + self._pace.gather_s))
            next_s = anyio.current_time() + self._pace.every_s
            await self._write_patiently()

    async def flush(self, within_s: float = 5.0) -> bool:
        """Write what still waits, once `run` is over; False when it could not be done in that time."""
        with anyio.move_on_after(within_s):
            while self.waiting:
                await self._write_patiently()
        if self.waiting:
            log.error("facts lost: the database did not come back before the end", facts=self.waiting)
        return not self.waiting

    async def _write_patiently(self) -> None:
        """One batch, tried until the database takes it."""
        wait_s, lost = self._pace.again_s, False
        while True:
            try:
                written = await self._write_batch()
                break
            except StoreLost as problem:
                if not lost:
                    log.warning("facts wait: the database is away", waiting=self.waiting, why=str(problem))
                lost = True
                await anyio.sleep(wait_s)
                wait_s = min(2 * wait_s, self._pace.again_at_most_s)
        if lost:
            log.info("facts are written again", written=written, waiting=self.waiting, dropped=self._dropped)
        self._dropped = 0

    async def _write_batch(self) -> int:
        if not self._writing:
            self._writing = list(islice(self._waiting, self._pace.batch))
            for _ in self._writing:
                self._waiting.popleft()
        async with self._work.single() as tx:
            if self._seal is not None:
                self._writing = await self._seal.sealed(tx, self._writing)
            await insert_rows(tx, self._writing)
        written, self._writing = len(self._writing), []
        return written
