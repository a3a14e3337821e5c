"""Settlement reports looked up: each with its sums, and its lines a page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.engine import RowMapping

from core.ids import PaymentId
from core.money import Money
from db.engine import Work
from db.money_tables import settlement_rows, settlements
from db.pages import Place, newest_first
from db.storable import storable
from payments.settlement_row import RowKind, SettlementRow

_KEPT = settlement_rows.c


@dataclass(frozen=True, slots=True)
class Batch:
    """One settlement of a gateway. `net` is gross less fees of all but payouts, in each currency."""

    gateway: str
    batch: str
    lines: int
    first_at: datetime
    last_at: datetime
    imported_at: datetime
    net: tuple[Money, ...]


class SettlementList:
    """Looks settlement reports up."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def page(self, gateway: str, place: Place | None, limit: int) -> list[Batch]:
        """The settlements that ended last behind a place, one more than `limit`; of one gateway or of all.

        A place is the time of a settlement's last line, and `GATEWAY BATCH`.
        """
        query = newest_first(_batches(gateway), settlements.c.last_at, settlements.c.name, place, limit)
        async with self._work.single() as tx:
            rows = (await tx.execute(query)).mappings().all()
            names = {(row["gateway"], row["batch"]) for row in rows}
            nets = (await tx.execute(_nets(names))).mappings().all()
        return [_batch(row, nets) for row in rows]

    async def lines(self, gateway: str, batch: str, after: int = 0, limit: int = 100) -> list[SettlementRow]:
        """The lines of a settlement above the line `after`, in order, one more than `limit`."""
        of = (_KEPT.gateway == storable(gateway)) & (_KEPT.batch == storable(batch)) & (_KEPT.line > after)
        query = select(settlement_rows).where(of).order_by(_KEPT.line).limit(limit + 1)
        async with self._work.single() as tx:
            return [_line(row) for row in (await tx.execute(query)).mappings()]


def _batches(gateway: str) -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = select(settlements)
    return query.where(settlements.c.gateway == storable(gateway)) if gateway else query


def _nets(names: Iterable[tuple[str, str]]) -> Select[tuple[object, ...]]:
    net = func.sum(_KEPT.gross_minor - _KEPT.fee_minor).label("net_minor")
    mine = tuple_(_KEPT.gateway, _KEPT.batch).in_(list(names))
    moved = _KEPT.kind != RowKind.PAYOUT.value
    query: Select[tuple[object, ...]] = select(_KEPT.gateway, _KEPT.batch, _KEPT.currency, net)
    return query.where(mine, moved).group_by(_KEPT.gateway, _KEPT.batch, _KEPT.currency)


def _batch(row: RowMapping, nets: Sequence[RowMapping]) -> Batch:
    mine = [one for one in nets if (one["gateway"], one["batch"]) == (row["gateway"], row["batch"])]
    return Batch(
        gateway=row["gateway"],
        batch=row["batch"],
        lines=row["lines"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        imported_at=row["imported_at"],
        net=tuple(Money(int(one["net_minor"]), one["currency"]) for one in mine),
    )


def _line(row: RowMapping) -> SettlementRow:
    return SettlementRow(
        kind=RowKind(row["kind"]),
        ref=row["ref"],
        gross=Money(row["gross_minor"], row["currency"]),
        fee=Money(row["fee_minor"], row["currency"]),
        at=row["at"],
        batch=row["batch"],
        line=row["line"],
        charge_ref=row["charge_ref"],
        payment=PaymentId(row["payment"]) if row["payment"] is not None else None,
    )
