"""What was decided about attempts to pay: how risky they looked, where they went, and why; newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from core.ids import AccountId, AttemptId, CallId
from core.money import Money
from db.engine import Work
from db.pages import Place, newest_first
from db.storable import storable
from db.tables import attempts

_KEPT = attempts.c


@dataclass(frozen=True, slots=True)
class Decision:
    """An attempt; `risk` and `route` are as they were written (db.attempts)."""

    id: AttemptId
    at: datetime
    call: CallId | None
    account: AccountId
    amount: Money
    method: str
    risk: Mapping[str, Any]
    route: Mapping[str, Any]


class Decisions:
    """Looks decisions up."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def page(
        self, place: Place | None, limit: int, *, account: str = "", call: str = "", risk: str = ""
    ) -> list[Decision]:
        """The newest behind a place, one more than `limit`; `risk` is what the fraud screen decided."""
        query = select(attempts)
        if account:
            query = query.where(_KEPT.account == storable(account))
        if call:
            query = query.where(_KEPT.call == storable(call))
        if risk:
            query = query.where(_KEPT.risk["decision"].astext == risk)
        async with self._work.single() as tx:
            rows = await tx.execute(newest_first(query, _KEPT.at, _KEPT.id, place, limit))
            return [decision_of(row) for row in rows.mappings()]


def decision_of(row: RowMapping) -> Decision:
    """The decision in a row of attempts."""
    return Decision(
        AttemptId(row["id"]),
        row["at"],
        CallId(row["call"]) if row["call"] is not None else None,
        AccountId(row["account"]),
        Money(row["amount_minor"], row["currency"]),
        row["method"],
        row["risk"],
        row["route"],
    )
