"""Bills, calls and facts in memory: for tests, simulations, and a line without a database."""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from core.errors import StoreLost
from core.events import Fact
from core.ids import CallId
from ivr.accounts import Account
from ivr.sessions import Session


class MemoryAccounts:
    """Bills; `callers` tells which telephone numbers (E.164) belong to which account numbers."""

    def __init__(self, accounts: Iterable[Account], callers: Iterable[tuple[str, str]] = ()) -> None:
        self._accounts = {account.number: account for account in accounts}
        self._callers = list(callers)
        self.lost = False

    async def by_number(self, number: str) -> Account | None:
        """The account with that number."""
        _refuse(self.lost)
        return self._accounts.get(number)

    async def by_caller(self, caller: str) -> Account | None:
        """The one account that this telephone number belongs to; None when there are several."""
        _refuse(self.lost)
        numbers = {number for known, number in self._callers if known == caller}
        return self._accounts.get(numbers.pop()) if len(numbers) == 1 else None

    def put(self, account: Account) -> None:
        """Add a bill, or change it."""
        self._accounts[account.number] = account


class MemorySessions:
    """Calls, at most `limit`: the oldest go. `lost` makes every write fail."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._sessions: dict[CallId, Session] = {}
        self.lost = False

    @property
    def all(self) -> list[Session]:
        """Every call that is kept, in the order of writing."""
        return list(self._sessions.values())

    async def start(self, session: Session) -> None:
        """A call began. Writing the same call again does nothing."""
        _refuse(self.lost)
        self._sessions.setdefault(session.id, session)
        while len(self._sessions) > self._limit:
            del self._sessions[next(iter(self._sessions))]

    async def end(self, call: CallId, at: datetime, outcome: str, cause: str) -> None:
        """A call ended. Ending it again does nothing."""
        _refuse(self.lost)
        session = self._sessions.get(call)
        if session is not None and session.ended_at is None:
            self._sessions[call] = replace(session, ended_at=at, outcome=outcome, cause=cause)

    async def recent(self, limit: int = 50) -> list[Session]:
        """The newest first."""
        _refuse(self.lost)
        newest = sorted(self._sessions.values(), key=lambda session: session.started_at, reverse=True)
        return newest[:limit]


class MemoryFacts:
    """Facts, at most `limit`: the oldest go."""

    def __init__(self, limit: int | None = 10_000) -> None:
        self.told: deque[Fact] = deque(maxlen=limit)

    def tell(self, fact: Fact) -> None:
        """Keep a fact."""
        self.told.append(fact)


def _refuse(lost: bool) -> None:
    if lost:
        raise StoreLost("the store in memory was told to be lost")
