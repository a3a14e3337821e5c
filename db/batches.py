"""Many small changes in one transaction: who comes while one is under way goes with the next."""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import anyio
from anyio.lowlevel import checkpoint

from core.errors import TellerlineError

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


class _Slip(Generic[_Item, _Answer]):
    def __init__(self, item: _Item) -> None:
        self.item = item
        self.answers: list[_Answer | TellerlineError] = []
        self.woken = anyio.Event()


class Batches(Generic[_Item, _Answer]):
    """Gathers items for `serve`, which gives an answer or an error for each, in order.

    There is no task behind it: one of those who wait leads a batch. When the leader is cancelled, the others
    of its batch are served again by the next: `serve` must bear being asked twice. What `serve` raises,
    all of the batch are told.
    """

    def __init__(
        self,
        serve: Callable[[Sequence[_Item]], Awaitable[Sequence[_Answer | TellerlineError]]],
        at_most: int = 64,
    ) -> None:
        self._serve, self._at_most = serve, at_most
        self._waiting: deque[_Slip[_Item, _Answer]] = deque()
        self._led = False

    async def ask(self, item: _Item) -> _Answer:
        """The answer to one item; raises its error."""
        slip: _Slip[_Item, _Answer] = _Slip(item)
        self._waiting.append(slip)
        try:
            while not slip.answers:
                await (slip.woken.wait() if self._led else self._lead())
                slip.woken = slip.woken if slip.answers else anyio.Event()
        finally:
            if slip in self._waiting:
                self._waiting.remove(slip)
            self._wake_next()
        answer = slip.answers[0]
        if isinstance(answer, TellerlineError):
            raise answer
        return answer

    async def _lead(self) -> None:
        self._led = True
        batch: list[_Slip[_Item, _Answer]] = []
        try:
            await checkpoint()  # who comes in the same moment goes along
            batch += [self._waiting.popleft() for _ in range(min(self._at_most, len(self._waiting)))]
            answers = await self._serve([slip.item for slip in batch])
        except TellerlineError as error:
            answers = [error] * len(batch)
        except BaseException:
            self._waiting.extendleft(reversed(batch))
            raise
        finally:
            self._led = False
        for slip, answer in zip(batch, answers, strict=True):
            slip.answers.append(answer)
            slip.woken.set()

    def _wake_next(self) -> None:
        if self._waiting and not self._led:
            self._waiting[0].woken.set()
