"""Payment links looked up: by filters, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Case, case

from core.clock import Clock
from db.engine import Work
from db.link_tables import payment_links
from db.links import QUERY, link_of
from db.pages import Place, newest_first
from db.storable import storable
from db.tables import payments
from payments.links.link import OVER, TAKEN, Link, LinkState

_KEPT: Final = payment_links.c


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """Which links; what is None or empty leaves all."""

    account: str = ""
    state: LinkState | None = None


class LinkList:
    """Looks links up. A page's place is the time at which a link was made, and its id."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock

    async def page(self, wanted: LinkFilter, place: Place | None, limit: int) -> list[Link]:
        """The newest that are `wanted` behind a place, one more than `limit`."""
        query = newest_first(QUERY, _KEPT.created_at, _KEPT.id, place, limit)
        if wanted.account:
            query = query.where(_KEPT.account == storable(wanted.account))
        if wanted.state is not None:
            query = query.where(_state(self._clock.now()) == wanted.state.value)
        async with self._work.single() as tx:
            return [link_of(row) for row in (await tx.execute(query)).mappings()]


def _state(now: datetime) -> Case[Any]:
    """`Link.state`, in SQL."""
    standing = payments.c.state
    return case(
        (standing.in_(sorted(one.value for one in TAKEN)), LinkState.PAID.value),
        (_KEPT.cancelled_at.is_not(None), LinkState.CANCELLED.value),
        (standing.not_in(sorted(one.value for one in OVER)), LinkState.PAYING.value),
        (_KEPT.expires_at <= now, LinkState.EXPIRED.value),
        (_KEPT.opened_at.is_not(None), LinkState.OPENED.value),
        (_KEPT.sent_at.is_not(None), LinkState.SENT.value),
        else_=LinkState.CREATED.value,
    )
