"""What is kept of messages on their way, and when one is tried again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Final, Protocol

from core.letter import Letter, Value
from messages.message import Channel, MessageId, MessageState
from messages.sender import Accepted, Report, TurnedDown

_AGAIN_S: Final = (5, 30, 120, 600, 1800, 7200, 21_600, 43_200)
_JITTER: Final = 0.2


@dataclass(frozen=True, slots=True)
class Due:
    """A message whose time has come: its attempt number `attempt`, from 1."""

    id: MessageId
    attempt: int
    kind: str
    channel: Channel
    to: str = field(repr=False)
    language: str
    values: Mapping[str, Value] = field(repr=False)
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt at `sender`. `forget` the values: they open something, and it was sent."""

    sender: str
    answer: Accepted | TurnedDown
    again_s: float | None = None
    forget: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it is listed; `to` is `(erased)` where its person was, `reason` why it failed."""

    id: MessageId
    kind: str
    channel: Channel
    to: str = field(repr=False)
    language: str
    about: str
    state: MessageState
    attempts: int
    sender: str
    reason: str
    created_at: datetime
    next_at: datetime | None = None
    sent_at: datetime | None = None
    done_at: datetime | None = None
    values: Mapping[str, Value] = field(default_factory=dict, repr=False)


class Post(Protocol):
    """Where messages are written down. Raises StoreLost when it does not answer."""

    async def put(self, letter: Letter) -> None:
        """As core.letter.Letters says."""
        ...

    async def due(self, job: str) -> Due | None:
        """The attempt that a job is for; None when it was made already, or is no longer wanted."""
        ...

    async def note(self, due: Due, outcome: Outcome) -> None:
        """Write down what came of an attempt, with the job of the next one where there is to be one."""
        ...

    async def report(self, report: Report) -> bool:
        """Note what a provider told; False when it is about nothing that is known here."""
        ...

    async def again(self, message: str) -> None:
        """Send a FAILED message once more. Raises BadInput for any other, and for one that is forgotten."""
        ...

    async def find(self, message: str) -> Posted | None:
        """One message."""
        ...


def again_s(attempt: int, chance: Random) -> float | None:
    """How long after attempt number `attempt` (from 1) the next is made; None after the ninth: no more."""
    if attempt > len(_AGAIN_S):
        return None
    return _AGAIN_S[attempt - 1] * chance.uniform(1 - _JITTER, 1 + _JITTER)
