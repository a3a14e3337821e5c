"""Messages as people look at them: listed a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import Work
from db.message_rows import WITH_KEYS, index_of, posted_of
from db.message_tables import messages
from db.pages import Place, newest_first
from db.people import People
from db.storable import storable
from messages.message import Channel, MessageState, channel_of
from messages.post import Posted

_KEPT = messages.c


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which messages; what is None or empty leaves all. `since` is included, `until` is not."""

    state: MessageState | None = None
    channel: Channel | None = None
    kind: str = ""
    to: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None


class StoredMessages:
    """Reads messages; with `people`, what is sealed is found and read, too."""

    def __init__(self, work: Work, people: People | None) -> None:
        self._work, self._people = work, people

    async def page(self, wanted: MessageFilter, place: Place | None, limit: int) -> list[Posted]:
        """The newest behind a place, one more than `limit`. Raises BadInput for an address that is none."""
        query = newest_first(_narrowed(wanted), _KEPT.created_at, _KEPT.id, place, limit)
        async with self._work.single() as tx:
            if wanted.to:
                query = await self._to(tx, query, storable(wanted.to))
            return [posted_of(self._people, row) for row in (await tx.execute(query)).mappings()]

    async def _to(self, tx: AsyncConnection, query: Select[Any], to: str) -> Select[Any]:
        channel = channel_of(to)
        if self._people is None:
            return query.where(_KEPT.recipient == to)
        return query.where(_KEPT.recipient_index == await self._people.index(tx, index_of(channel), to))


def _narrowed(wanted: MessageFilter) -> Select[Any]:
    query = WITH_KEYS
    if wanted.state is not None:
        query = query.where(_KEPT.state == wanted.state.value)
    if wanted.channel is not None:
        query = query.where(_KEPT.channel == wanted.channel.value)
    if wanted.kind:
        query = query.where(_KEPT.kind == storable(wanted.kind))
    if wanted.about:
        query = query.where(_KEPT.about == storable(wanted.about))
    if wanted.since is not None:
        query = query.where(_KEPT.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(_KEPT.created_at < wanted.until)
    return query
