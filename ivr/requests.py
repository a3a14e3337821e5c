"""What callers want of people: to be called back, to have a charge looked at."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from core.ids import AccountId, CallId


class About(Enum):
    """What is wanted."""

    CALL_BACK = "call_back"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller asked for; `caller` is the number to call (E.164 or as it was keyed in, may be empty).

    `detail` says what is wrong, in a word; `day` is when they want to be called.
    """

    about: About
    call: CallId
    caller: str = ""
    account: AccountId | None = None
    detail: str = ""
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A wish that was written down, under a `number` that the caller was told; done when a person says so."""

    number: int
    wish: Wish
    made_at: dt.datetime
    done_at: dt.datetime | None = None


class Requests(Protocol):
    """Where they are written down. Raises StoreLost when the store does not answer."""

    async def add(self, wish: Wish) -> Request:
        """Write it down."""
        ...

    async def all(self, limit: int = 50, *, waiting: bool = False) -> list[Request]:
        """The newest first; `waiting` leaves out those that are done."""
        ...

    async def done(self, number: int) -> None:
        """A person has seen to it; the first time counts. Raises BadInput when there is no such request."""
        ...
