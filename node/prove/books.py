"""What the line wrote down of a call, by which calls are followed whether the controller is up or not."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import anyio
from sqlalchemy import text

from core.clock import SystemClock
from core.errors import OutOfReach
from core.events import Spoke
from core.ids import CallId
from core.money import Money
from db.bill_rows import BillRow
from db.bills import import_bills
from db.engine import Work
from db.facts import KeptFacts
from node.stack.callers import Callers

T = TypeVar("T")
Row = Mapping[str, Any]

_LOOK_S = 0.1
_DUE = Money(12_550, "USD")
_FACTS = """SELECT body FROM facts WHERE kind = :kind AND call = (
                SELECT id FROM calls WHERE caller_index = :index
                 ORDER BY started_at DESC LIMIT 1) ORDER BY seq"""
_CALLS = "SELECT id, outcome, ended_at FROM calls WHERE caller_index = :index ORDER BY started_at DESC"


class Astray(OutOfReach):
    """A call did not go as it should: a key was lost on its way, or something was not said in time."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that is over."""

    call: str
    outcome: str


class Books:
    """The database of the line under proof."""

    def __init__(self, work: Work, callers: Callers) -> None:
        self._work, self._callers = work, callers

    async def bill(self, account: str) -> None:
        """Somebody owes money on that account."""
        row = BillRow(2, account, (), "Robin Example", _DUE, f"{account} of {datetime.now(UTC):%H%M%S%f}")
        await import_bills(self._work, [row], Path("prove.csv"), SystemClock(), lambda _doing, _done: None)

    async def said(self, caller: str, prompt: str, times: int = 1, within_s: float = 20.0) -> None:
        """Wait until a caller's newest call was told something, so many times; Astray when it is not."""

        async def told() -> bool:
            return [fact["prompt"] for fact in await self._facts(caller, "said")].count(prompt) >= times

        await self._until(told, within_s, f"the caller was not told {prompt}")

    async def keyed(self, caller: str, digits: int, within_s: float = 20.0) -> None:
        """Wait until the line has that many digits of a card's field."""

        async def there() -> bool:
            return any(len(fact["mask"]) >= digits for fact in await self._facts(caller, "card_progress"))

        await self._until(there, within_s, f"{digits} digits did not arrive")

    async def handed_over(self, caller: str, times: int = 1, within_s: float = 20.0) -> None:
        """Wait until a person talks with the caller, for so many times."""

        async def joined() -> bool:
            facts = await self._facts(caller, "call_handed_over")
            return [fact["result"] for fact in facts].count("joined") >= times

        await self._until(joined, within_s, "no person came")

    async def ended(self, caller: str, within_s: float = 30.0) -> Ended:
        """Wait until the newest call of a number is over."""

        async def over() -> Ended | None:
            rows = await self._of(caller, _CALLS)
            return Ended(rows[0]["id"], rows[0]["outcome"]) if rows and rows[0]["ended_at"] else None

        return await self._until(over, within_s, "the call is not over")

    async def call(self, caller: str) -> str:
        """The newest call of a number."""
        rows = await self._of(caller, _CALLS)
        if not rows:
            raise Astray(f"no call of {caller} is written down")
        return str(rows[0]["id"])

    async def calls(self, caller: str) -> list[str]:
        """All calls of a number: more than one when a killed controller left one open."""
        return [row["id"] for row in await self._of(caller, _CALLS)]

    async def spoken(self, call: str, text: str) -> None:
        """Write down that a caller said something, as it is when a recognizer hears them."""
        facts = KeptFacts(self._work, SystemClock())
        facts.tell(Spoke(CallId(call), "account", text, 0, 0))
        await facts.flush()

    async def flush(self) -> None:
        """Let the server write all that it holds in its own memory to its files."""
        async with self._work.begin() as tx:
            await tx.execute(text("CHECKPOINT"))

    async def _facts(self, caller: str, kind: str) -> list[Row]:
        return [row["body"] for row in await self._of(caller, _FACTS, kind=kind)]

    async def _of(self, caller: str, query: str, **values: object) -> list[Row]:
        return await self._rows(query, index=await self._callers.index(caller), **values)

    async def _rows(self, query: str, **values: object) -> list[Row]:
        async with self._work.begin() as tx:
            return [dict(row) for row in (await tx.execute(text(query), values)).mappings()]

    async def _until(self, look: Callable[[], Awaitable[T | None]], within_s: float, otherwise: str) -> T:
        with anyio.move_on_after(within_s):
            while not (found := await look()):  # noqa: ASYNC110 - a database tells nobody
                await anyio.sleep(_LOOK_S)
            return found
        raise Astray(f"{otherwise} within {within_s:g} s")
