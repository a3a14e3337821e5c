"""A recognizer in a process of its own, and the hearings that go on in it: what all such engines share."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Generic, Protocol, TypeVar

from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from asr.recognizer import Hint
from core.child import Head
from core.errors import HearingLost, OutOfReach
from core.kept import Kept
from core.pipe import Pipe


class HearingApart(Protocol):
    """One stretch of speech, as its engine's process speaks of it."""

    def take(self, head: Head) -> None:
        """The process says something about it."""
        ...

    def lose(self) -> None:
        """The process is gone."""
        ...

    def close(self) -> None:
        """It is not needed any more."""
        ...


H = TypeVar("H", bound=HearingApart)


class RecognizerApart(ABC, Generic[H]):
    """`run` keeps the process up for as long as it lasts."""

    def __init__(self, name: str, worker: str, arguments: Sequence[str], *, silent_s: float = 5.0) -> None:
        self._numbers = count(1)
        self._hearings: dict[int, H] = {}
        self._kept = Kept(name, worker, arguments, take=self._take, lose=self._lose, silent_s=silent_s)

    @property
    def name(self) -> str:
        """Engine and model."""
        return self._kept.name

    @property
    def up(self) -> bool:
        """Whether its process can hear now."""
        return self._kept.pipe is not None

    @property
    def pid(self) -> int:
        """The number of its process, 0 while there is none."""
        return self._kept.pid

    @asynccontextmanager
    async def hear(self, hint: Hint) -> AsyncIterator[H]:
        """Begin to listen."""
        if self._kept.pipe is None:
            raise HearingLost(f"{self.name} is not running")
        number = next(self._numbers)
        hearing = self._hearings[number] = self._open(number, self._kept.pipe, hint)
        try:
            yield hearing
        finally:
            self._hearings.pop(number, None)
            hearing.close()

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Keep the process up; the task has started when it hears. Raises HearingLost when it never does."""
        try:
            await self._kept.run(task_status=task_status)
        except OutOfReach as why:
            raise HearingLost(str(why)) from why

    @abstractmethod
    def _open(self, number: int, pipe: Pipe, hint: Hint) -> H:
        """A new hearing in the process."""

    def _take(self, head: Head, _body: bytes) -> None:
        if (hearing := self._hearings.get(head["hearing"])) is not None:
            hearing.take(head)

    def _lose(self) -> None:
        for hearing in self._hearings.values():
            hearing.lose()
