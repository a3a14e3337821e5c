"""What providers of text messages tell us: `POST /messages/reports/{sender}`, believed by its signature."""

from typing import Final

from pydantic import BaseModel

from api.body import read_raw
from api.problem import NotDone
from api.route import Asked, Route, Table
from api.scopes import Scope
from messages.reporting import Noted, Reporting

_LARGEST: Final = 64 * 1024


class ReportTaken(BaseModel):
    """The report is written down, where it said something."""

    noted: bool


def routes(reporting: Reporting) -> Table:
    """One route."""

    async def hear(asked: Asked[None, None]) -> ReportTaken:
        sender, request = asked.part("sender"), asked.request
        body = await read_raw(request, _LARGEST)
        match await reporting.hear(sender, body, dict(request.headers), dict(request.query)):
            case Noted.NOTED:
                return ReportTaken(noted=True)
            case Noted.NOT_BELIEVED:
                raise NotDone(400, "report_not_believed", "the report has no signature or secret of ours")
            case Noted.NOT_KNOWN:
                raise NotDone(404, "unknown_message", "the report is about no message of ours")
            case Noted.NOBODY:
                raise NotDone(404, "unknown_sender", f"there is no sender {sender[:40]!r} that is told of")

    return [
        Route(
            "POST",
            "/messages/reports/{sender}",
            hear,
            Scope.OPEN,
            "What a provider of text messages tells of their delivery",
            answer=ReportTaken,
            reads_body=True,
            replays=False,
            any_query=True,
        )
    ]
