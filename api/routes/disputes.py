"""Disputes, below `/v1/disputes`."""

from datetime import datetime

from pydantic import Field

from api.money_out import PaymentDisputeOut
from api.paging import ListQuery, Page, page_of
from api.route import Asked, Route, Table
from api.scopes import Scope
from db.dispute_list import DisputeFilter, DisputeList
from db.pages import Place
from payments.disputes import Dispute
from payments.notice import Stage


class DisputesQuery(ListQuery):
    """What may stand behind `?`; `due_before`: evidence is taken until before then."""

    stage: Stage | None = None
    gateway: str = Field("", max_length=64)
    payment: str = Field("", max_length=64)
    due_before: datetime | None = None


class DisputeOut(PaymentDisputeOut):
    """A dispute, by the gateway's name for it, and the payment that it is about."""

    id: str
    payment: str

    @classmethod
    def shown(cls, dispute: Dispute) -> "DisputeOut":
        """The dispute as it stands."""
        short = PaymentDisputeOut.of(dispute)
        return cls(**dict(short), id=f"{dispute.gateway}:{dispute.ref}", payment=dispute.payment)


def routes(disputes: DisputeList) -> Table:
    """One list."""

    async def listed(asked: Asked[DisputesQuery, None]) -> Page[DisputeOut]:
        query = asked.query
        wanted = DisputeFilter(query.stage, query.gateway, query.payment, due_before=query.due_before)
        found = await disputes.page(wanted, query.place(), query.limit)
        return page_of(found, query.limit, DisputeOut.shown, lambda one: Place(one.opened_at, one.ref))

    return [
        Route(
            "GET",
            "/v1/disputes",
            listed,
            Scope.PAYMENTS_READ,
            "Disputes, newest first",
            query=DisputesQuery,
            answer=Page[DisputeOut],
            sensitive=True,
        )
    ]
