"""Payment links looked up: by filters, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement

from core.clock import Clock
from db.engine import Work
from db.link_tables import payment_links
from db.links import QUERY, link_of
from db.pages import Place, newest_first
from db.storable import storable
from db.tables import payments
from payments.links.link import OVER, TAKEN, Link, LinkState
from payments.session import State

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
            query = query.where(_in_state(wanted.state, self._clock.now()))
        async with self._work.single() as tx:
            return [link_of(row) for row in (await tx.execute(query)).mappings()]


def _in_state(state: LinkState, now: datetime) -> ColumnElement[bool]:
    """`Link.state`, in SQL: in terms of which the planner knows how many links they leave."""
    standing, called_off = payments.c.state, _KEPT.cancelled_at.is_not(None)
    opened, sent = _KEPT.opened_at.is_not(None), _KEPT.sent_at.is_not(None)
    unpaid = standing.is_(None) | standing.not_in(_named(TAKEN))
    nobody_pays = ~called_off & (standing.is_(None) | standing.in_(_named(OVER)))
    stands = nobody_pays & (_KEPT.expires_at > now)
    return {
        LinkState.PAID: standing.in_(_named(TAKEN)),
        LinkState.CANCELLED: called_off & unpaid,
        LinkState.PAYING: ~called_off & standing.not_in(_named(TAKEN | OVER)),
        LinkState.EXPIRED: nobody_pays & (_KEPT.expires_at <= now),
        LinkState.OPENED: stands & opened,
        LinkState.SENT: stands & ~opened & sent,
        LinkState.CREATED: stands & ~opened & ~sent,
    }[state]


def _named(states: frozenset[State]) -> list[str]:
    return sorted(one.value for one in states)
