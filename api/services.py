"""What the API stands on: the rooms it looks into, given once at the start."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from api.broadcast import Broadcast
from core.events import Recorded, RecordingBegan
from core.ids import CallId
from db.call_list import CallFilter
from db.pages import Place
from db.payment_list import PaymentFilter
from ivr.capture.captures import Captures
from ivr.sessions import Session
from payments.store import Payment
from pbx.call import Call, NotReached
from pbx.switch import Dial

_CALL: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True)
class PartHealth:
    """One part of the line: whether it works, and what it says of itself."""

    name: str
    up: bool
    about: str


class CallList(Protocol):
    """Calls on record (db.calls). Raises StoreLost."""

    async def page(self, wanted: CallFilter, place: Place | None, limit: int) -> list[Session]:
        """The newest that are `wanted` behind a place, one more than `limit`."""
        ...

    async def find(self, call: CallId) -> Session | None:
        """One call."""
        ...


class Payments(Protocol):
    """Payments on record (db.payment_list). Raises StoreLost."""

    async def page(self, wanted: PaymentFilter, place: Place | None, limit: int) -> list[Payment]:
        """The newest that are `wanted` behind a place, one more than `limit`."""
        ...


@dataclass(frozen=True, slots=True)
class Recordings:
    """The switch's folder of recordings, one file a call; `node` is whose switch it is."""

    folder: Path
    node: str = ""

    def find(self, call: CallId) -> Path | None:
        """The recording of a call; None for a name that is no call's, and for what lies elsewhere."""
        if not _CALL.fullmatch(call):
            return None
        file = self.folder / f"{call}.wav"
        inside = file.is_file() and file.resolve().parent == self.folder.resolve()
        return file if inside else None

    def may_be_had(self, session: Session, facts: Iterable[Recorded]) -> bool:
        """Whether a call's recording is here, or was begun at another node, which is asked for it then."""
        if self.find(session.id) is not None:
            return True
        return session.node != self.node and any(isinstance(one.fact, RecordingBegan) for one in facts)


@dataclass(frozen=True, slots=True)
class Services:
    """The rooms that the API looks into; `metrics` gives the page for Prometheus, `place` calls somebody."""

    sessions: CallList
    payments: Payments
    recordings: Recordings
    facts: Broadcast
    health: Callable[[], Awaitable[list[PartHealth]]]
    metrics: Callable[[], bytes]
    place: Callable[[Dial], Awaitable[Call | NotReached]]
    captures: Captures
