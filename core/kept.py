"""A program of ours that is kept up in a process of its own: it is started again when it dies or hangs."""

from collections.abc import Callable, Sequence
from itertools import chain, repeat
from typing import Final

import anyio
import structlog
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from core.child import Child, Head
from core.errors import OutOfReach
from core.pipe import Pipe, Take

_START_S: Final = 60.0
_BACKOFF_S: Final = (0.1, 0.5, 2.0, 10.0)

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Kept:
    """`python -m module arguments`, which says `{"is": "ready"}` once it can work, or `broken` and `why`.

    `take` gets each message of it, `lose` is called when a life of it ends. It hangs when a message that is
    to be answered was not for `silent_s`, in which it said nothing at all.
    """

    def __init__(
        self,
        name: str,
        module: str,
        arguments: Sequence[str],
        *,
        take: Take,
        lose: Callable[[], None],
        silent_s: float = 5.0,
    ) -> None:
        self.name = name
        self.pipe: Pipe | None = None
        self._module, self._arguments = module, tuple(arguments)
        self._take, self._lose, self._silent_s = take, lose, silent_s

    @property
    def pid(self) -> int:
        """The number of its process, 0 while there is none."""
        return self.pipe.pid if self.pipe is not None else 0

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Keep it up; the task has started when it is ready. Raises OutOfReach when it never is."""
        try:
            await self._serve(task_status)
        except _NotStarted as why:
            raise OutOfReach(f"{self.name} does not start: {why}") from why
        except OutOfReach as why:
            self._report(why)
        for pause_s in chain(_BACKOFF_S, repeat(_BACKOFF_S[-1])):
            await anyio.sleep(pause_s)
            try:
                await self._serve(TASK_STATUS_IGNORED)
            except OutOfReach as why:
                self._report(why)

    def _report(self, why: OutOfReach) -> None:
        log.error("an engine is gone and is started again", engine=self.name, why=str(why))

    async def _serve(self, task_status: TaskStatus[None]) -> None:
        child = await Child.start(self._module, *self._arguments)
        try:
            await _ready(child)
            self.pipe = Pipe(child, silent_s=self._silent_s)
            task_status.started()
            await self.pipe.run(self._take)
        finally:
            self.pipe = None
            self._lose()
            await child.end()


class _NotStarted(OutOfReach):
    """The process never got as far as to work."""


async def _ready(child: Child) -> None:
    try:
        with anyio.fail_after(_START_S):
            first, _ = await child.receive()
    except TimeoutError:
        raise _NotStarted(f"it was not ready within {_START_S:g} s") from None
    except OutOfReach as why:
        raise _NotStarted(
            f"{why} before it was ready; if its model is damaged, `tellerline models verify` says so"
        ) from why
    if first["is"] != "ready":
        raise _NotStarted(_why(first))


def _why(first: Head) -> str:
    return f"{first.get('why', first)}; `tellerline models verify` says whether its model is damaged"
