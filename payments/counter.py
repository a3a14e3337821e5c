"""Work that outlives whoever waits for it: a charge belongs to the node, not to the call."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Generic, NoReturn, TypeVar

import anyio
import structlog
from anyio.abc import TaskGroup, TaskStatus

from core.errors import BadInput, OutOfReach, TellerlineError

log = structlog.stdlib.get_logger(__name__)

_Answer = TypeVar("_Answer")


class Slip(Generic[_Answer]):
    """One piece of work: `answered` is for whoever waits, `done` for whoever drains the counter.

    `fallback` is the answer when the work breaks off.
    """

    def __init__(self, fallback: Callable[[], _Answer]) -> None:
        self._fallback = fallback
        self._answers: list[_Answer] = []
        self._mistake: BadInput | None = None
        self.answered, self.done = anyio.Event(), anyio.Event()

    def tell(self, answer: _Answer) -> None:
        """Answer whoever waits; a second answer comes too late."""
        if not self._answers:
            self._answers.append(answer)
            self.answered.set()

    def refuse(self, mistake: BadInput) -> None:
        """Raise a mistake of the asker's where the answer is waited for."""
        if not self.answered.is_set():
            self._mistake = mistake
            self.answered.set()

    async def answer(self) -> _Answer:
        """Wait for it; cancelling the wait does not cancel the work. Raises the asker's own mistake."""
        await self.answered.wait()
        if self._mistake is not None:
            raise self._mistake
        return self._answers[0]

    def end(self) -> None:
        """The work is over, come what may."""
        if not self.answered.is_set():
            self.tell(self._fallback())
        self.done.set()


class Counter:
    """Serves slips; `run` belongs to the node's task group."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._group: TaskGroup | None = None
        self._under_way: set[Slip[Any]] = set()

    @property
    def closed(self) -> str:
        """Why nothing new is served; empty when it is."""
        if self._group is None:
            return "the desk is closed"
        return "too many charges are under way" if len(self._under_way) >= self._at_once else ""

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled."""
        async with anyio.create_task_group() as group:
            self._group = group
            task_status.started()
            try:
                await anyio.sleep_forever()
            finally:
                self._group = None

    def serve(self, slip: Slip[_Answer], work: Callable[[], Awaitable[None]]) -> None:
        """Do the work, for as long as the node lives; for an open counter only."""
        if self._group is None:
            slip.end()
            return
        self._under_way.add(slip)
        self._group.start_soon(self._serve, slip, work)

    async def outlive(self, work: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Do the work and give its answer; cancelling the wait does not cancel it.

        Raises what the work raises, and OutOfReach when the counter is closed, or closes in the middle.
        """
        if closed := self.closed:
            raise OutOfReach(f"{closed}: ask again later")
        slip = Slip[Callable[[], _Answer]](lambda: _broken_off)

        async def do() -> None:
            slip.tell(await _caught(work))

        self.serve(slip, do)
        return (await slip.answer())()

    async def drain(self, within_s: float) -> int:
        """Take nothing new and wait for what is under way; how many were not done in time."""
        self._group = None
        with anyio.move_on_after(within_s):
            while self._under_way:
                await next(iter(self._under_way)).done.wait()
        return len(self._under_way)

    async def _serve(self, slip: Slip[_Answer], work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except BadInput as mistake:
            slip.refuse(mistake)
        except Exception as error:  # one charge must not take the others down with it
            # only the error's type: its text and its traceback may carry what was sent
            log.error("charge broke", error=type(error).__name__)
        finally:
            slip.end()
            self._under_way.discard(slip)


async def _caught(work: Callable[[], Awaitable[_Answer]]) -> Callable[[], _Answer]:
    """What the work gives, or raises, to be had by whoever waits for it."""
    try:
        given = await work()
    except TellerlineError as error:
        return partial(_raised, error)
    return lambda: given


def _raised(error: TellerlineError) -> NoReturn:
    raise error


def _broken_off() -> NoReturn:
    raise OutOfReach("the desk broke off: what became of it is found out")
