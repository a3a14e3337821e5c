"""The audit log, as a list and as CSV: `/v1/audit`."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from api.paging import ListQuery, Page, numbered, page_of
from api.route import Asked, Route, Table
from api.scopes import Scope
from db.audit_list import AuditFilter, AuditList, AuditRow
from db.pages import Place


class AuditQuery(ListQuery):
    """Which rows: by action, by what it was done to, by whom, from a time on, before another.

    `by` is an id, a user's mail address or a key's name.
    """

    action: str | None = Field(None, max_length=100)
    subject: str | None = Field(None, max_length=300)
    by: str | None = Field(None, max_length=100)
    from_: AwareDatetime | None = Field(None, alias="from")
    to: AwareDatetime | None = None


class AuditOut(BaseModel):
    """One row; `by` is the id of who acted, empty for the line itself, `address` where from.

    `name` is a user's mail address or a key's name, empty for others.
    """

    seq: int
    at: datetime
    action: str
    subject: str
    by: str
    name: str
    address: str
    detail: dict[str, str | int | bool | None]


def routes(log: AuditList) -> Table:
    """`GET /v1/audit`: newest first; reading it stands in it."""

    async def listed(asked: Asked[AuditQuery, None]) -> Page[AuditOut]:
        query, place = asked.query, asked.query.place()
        which = AuditFilter(query.action, query.subject, query.by, query.from_, query.to)
        found = await log.page(which, query.limit + 1, numbered(place))
        return page_of(found, query.limit, _shown, _place)

    return [
        Route(
            "GET",
            "/v1/audit",
            listed,
            Scope.AUDIT_READ,
            "Who did what, from where",
            query=AuditQuery,
            answer=Page[AuditOut],
            csv=True,
            sensitive=True,
        )
    ]


def _shown(row: AuditRow) -> AuditOut:
    return AuditOut.model_validate(row, from_attributes=True)


def _place(row: AuditRow) -> Place:
    return Place(row.at, str(row.seq))
