"""Disputes looked up: by filters, a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from db.disputes import dispute_of
from db.engine import Work
from db.money_tables import disputes
from db.pages import Place, newest_first
from db.storable import storable
from payments.disputes import Dispute
from payments.notice import Stage

_KEPT = disputes.c


@dataclass(frozen=True, slots=True)
class DisputeFilter:
    """Which disputes; what is None or empty leaves all. `due_before`: evidence is taken until before then."""

    stage: Stage | None = None
    gateway: str = ""
    payment: str = ""
    ref: str = ""
    due_before: datetime | None = None


class DisputeList:
    """Looks disputes up. A page's place is the time of opening and the gateway's id of the dispute."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def page(self, wanted: DisputeFilter, place: Place | None, limit: int) -> list[Dispute]:
        """The newest that are `wanted` behind a place, one more than `limit`."""
        query = newest_first(select(disputes), _KEPT.opened_at, _KEPT.ref, place, limit)
        plain = ((_KEPT.gateway, wanted.gateway), (_KEPT.payment, wanted.payment), (_KEPT.ref, wanted.ref))
        query = query.where(*(column == storable(text) for column, text in plain if text))
        if wanted.stage is not None:
            query = query.where(_KEPT.stage == wanted.stage.value)
        if wanted.due_before is not None:
            query = query.where(_KEPT.due_by < wanted.due_before)
        async with self._work.single() as tx:
            return [dispute_of(row) for row in (await tx.execute(query)).mappings()]
