"""Calls as they are written down: started, ended, and those that a dead controller left open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.ids import CallId


@dataclass(frozen=True, slots=True)
class Session:
    """One call on record; `ended_at` and `outcome` are empty while it lasts."""

    id: CallId
    number: str
    caller: str
    flow: str
    node: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str = ""
    cause: str = ""


class Sessions(Protocol):
    """Where calls are written down. Raises StoreLost when the store does not answer."""

    async def start(self, session: Session) -> None:
        """A call began. Writing the same call again does nothing."""
        ...

    async def end(self, call: CallId, at: datetime, outcome: str, cause: str) -> None:
        """A call ended. Ending it again does nothing."""
        ...

    async def recent(self, limit: int = 50) -> list[Session]:
        """The newest first."""
        ...
