"""Lists a page at a time: the place where the next one begins is told as an opaque word (a cursor)."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, Field

from core.errors import BadInput
from db.pages import Place

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

_LONGEST_NUMBER: Final = 18
_NO_CURSOR: Final = "cursor is none that this list gave: begin again without it"


class ListQuery(BaseModel, extra="forbid"):
    """What may stand behind `?` of every list: how many, and where to go on."""

    limit: int = Field(50, ge=1, le=500)
    cursor: str = Field("", max_length=400, description="`next_cursor` of the page before")

    def place(self) -> Place | None:
        """Where the page begins; None for the first. Raises BadInput for a cursor that is none of ours."""
        return placed(self.cursor) if self.cursor else None


class Page(BaseModel, Generic[M]):
    """A piece of a list; `next_cursor` is null on the last one."""

    data: list[M]
    next_cursor: str | None = None


def numbered(place: Place | None) -> int | None:
    """The number that a place of a list by numbers means; None for the first page. Raises BadInput."""
    if place is None:
        return None
    if not place.id.isascii() or not place.id.isdigit() or len(place.id) > _LONGEST_NUMBER:
        raise BadInput(_NO_CURSOR)
    return int(place.id)


def page_of(found: Sequence[T], limit: int, show: Callable[[T], M], place: Callable[[T], Place]) -> Page[M]:
    """The page of what was found when one more than `limit` was asked for."""
    more = cursor(place(found[limit - 1])) if len(found) > limit else None
    return Page(data=[show(one) for one in found[:limit]], next_cursor=more)


def cursor(place: Place) -> str:
    """A place as an opaque word."""
    told = json.dumps([place.at.isoformat(), place.id], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def placed(word: str) -> Place:
    """The place that a word of ours means. Raises BadInput."""
    try:
        at, name = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        place = Place(datetime.fromisoformat(at), str(name))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise BadInput(_NO_CURSOR) from None
    if place.at.tzinfo is None or "\0" in place.id:
        raise BadInput(_NO_CURSOR)
    return place
