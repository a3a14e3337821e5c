"""What was observed of gateways (payments.routing.observed), in PostgreSQL."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.engine import RowMapping

from core.money import Money
from db.engine import Work
from db.fraud_tables import routing_observations as table
from db.rows import as_json, insert_many
from payments.purchase import Method, Operation
from payments.routing.observed import Kept, Observation, Result

_INSERT = insert_many(
    "routing_observations",
    {
        "node": "text",
        "at": "timestamptz",
        "gateway": "text",
        "operation": "text",
        "result": "text",
        "amount_minor": "bigint",
        "currency": "text",
        "method": "text",
        "brand": "text",
        "region": "text",
        "took_s": "float",
    },
)


class StoredObservations:
    """The Observations protocol over PostgreSQL; `node` is this process's name."""

    def __init__(self, work: Work, node: str) -> None:
        self._work, self._node = work, node

    async def add(self, observed: Sequence[Observation]) -> None:
        """Write down what this node observed."""
        async with self._work.begin() as tx:
            await tx.execute(_INSERT, as_json([self._row(one) for one in observed]))

    async def others(self, within: timedelta) -> list[Kept]:
        """What the other nodes wrote within that time, by the database's clock, oldest first."""
        new = table.c.written_at >= func.clock_timestamp() - within
        return await self._kept(select(table).where(new, table.c.node != self._node).order_by(table.c.id))

    async def latest(self, limit: int) -> list[Kept]:
        """The newest of all nodes, oldest first."""
        return (await self._kept(select(table).order_by(table.c.id.desc()).limit(limit)))[::-1]

    async def forget(self, older_than: timedelta) -> int:
        """Remove what was written longer ago; how many."""
        old = delete(table).where(table.c.written_at < func.clock_timestamp() - older_than)
        async with self._work.begin() as tx:
            return (await tx.execute(old)).rowcount

    async def _kept(self, query: Select[tuple[object, ...]]) -> list[Kept]:
        async with self._work.begin() as tx:
            return [_kept(row) for row in (await tx.execute(query)).mappings()]

    def _row(self, one: Observation) -> dict[str, object]:
        return {
            "node": self._node,
            "at": one.at,
            "gateway": one.gateway,
            "operation": one.operation.value,
            "result": one.result.value,
            "amount_minor": one.amount.minor,
            "currency": one.amount.currency,
            "method": one.method.value,
            "brand": one.brand,
            "region": one.region,
            "took_s": one.took_s,
        }


def _kept(row: RowMapping) -> Kept:
    observed = Observation(
        row["at"],
        row["gateway"],
        Operation(row["operation"]),
        Result(row["result"]),
        Money(row["amount_minor"], row["currency"]),
        Method(row["method"]),
        row["brand"],
        row["region"],
        row["took_s"],
    )
    return Kept(row["id"], observed)
