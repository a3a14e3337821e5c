"""A list a page at a time by keyset: no page costs more than the first, and none shows a row twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, tuple_


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in a list: its time, and its id where times are the same."""

    at: datetime
    id: str


def newest_first(
    query: Select[Any],
    at: ColumnElement[datetime],
    name: ColumnElement[Any],
    place: Place | None,
    limit: int,
) -> Select[Any]:
    """The rows behind a place, newest first; one more than `limit`: then there are more."""
    if place is not None:
        query = query.where(tuple_(at, name) < (place.at, place.id))
    return query.order_by(at.desc(), name.desc()).limit(limit + 1)
