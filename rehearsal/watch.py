"""Following a call through what the line tells of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

import anyio

from core.errors import OutOfReach
from core.events import CallEnded, CallStarted, Fact, Recorded
from core.ids import CallId

T = TypeVar("T")

MOST_FACTS = 10_000


class LineGone(OutOfReach):
    """The line does not tell its facts (any more)."""


class Watch(Protocol):
    """Where a line tells its facts. Raises LineGone when it does not answer."""

    def follow(self) -> AbstractAsyncContextManager[AsyncIterator[Recorded]]:
        """All facts of all calls that are told from now on, in order."""
        ...


class Story:
    """What the line told of one call so far."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._changed = anyio.Event()
        self._over = False

    @property
    def call(self) -> CallId | None:
        """The call's id; None until the line told of it."""
        return next((fact.call for fact in self.facts if isinstance(fact, CallStarted)), None)

    @property
    def ended(self) -> CallEnded | None:
        """The call's end; None until the line told of it."""
        return next((fact for fact in self.facts if isinstance(fact, CallEnded)), None)

    def add(self, fact: Fact) -> None:
        """The line told something."""
        if len(self.facts) < MOST_FACTS:
            self.facts.append(fact)
        self._wake()

    def close(self) -> None:
        """The line will tell no more of this call: nobody waits any longer."""
        self._over = True
        self._wake()

    async def until(self, look: Callable[[], T | None], within_s: float) -> T | None:
        """What `look` finds, as soon as it finds something; None when the time or the call is over."""
        with anyio.move_on_after(within_s):
            while (found := look()) is None and not self._over and self.ended is None:
                await self._changed.wait()
            return found
        return look()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


class Claims:
    """Tells calls from the same number apart: of several, each rehearsal takes one that nobody took.

    Dial while holding `dialing(number)`, until `take` has found the call.
    """

    def __init__(self) -> None:
        self._taken: set[CallId] = set()
        self._dialing: dict[str, anyio.Lock] = {}

    def dialing(self, number: str) -> anyio.Lock:
        """Held by the one who dials from that number just now."""
        return self._dialing.setdefault(_digits(number), anyio.Lock())

    def take(self, fact: Fact, number: str) -> bool:
        """Whether the fact begins a call from that number that nobody took; it is taken now."""
        if not isinstance(fact, CallStarted) or not _same(fact.caller, number) or fact.call in self._taken:
            return False
        self._taken.add(fact.call)
        return True


def _same(told: str, dialed: str) -> bool:
    # networks add or drop +, 00 and blanks
    return told == dialed or (bool(_digits(told)) and _digits(told) == _digits(dialed))


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isdigit()).lstrip("0") or number
