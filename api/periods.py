"""A list of what happened from one time to another: `?from=...&to=...`."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from api.paging import ListQuery

Moment = Annotated[
    AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))
]
"""A time with its offset, not before 1970."""


class PeriodQuery(ListQuery):
    """From a time on (it belongs to the period), to a time (it does not); ISO 8601 with an offset."""

    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
