"""Disputes, below `/v1/disputes`."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, Field

from api.money_out import PaymentDisputeOut
from api.paging import ListQuery, Page, page_of
from api.problem import NoSuch
from api.repeated import key_of
from api.route import Asked, Route, Table
from api.scopes import Scope
from db.dispute_list import DisputeFilter, DisputeList
from db.pages import Place
from payments.contesting import LONGEST_TEXT
from payments.desk import Desk
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


class EvidenceIn(BaseModel, extra="forbid"):
    """What speaks against the dispute, in words for the bank."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


@dataclass(frozen=True, slots=True)
class DisputeRoom:
    """Disputes on record, and who answers them."""

    list: DisputeList
    desk: Desk


def routes(disputes: DisputeRoom) -> Table:
    """The list, and the two answers."""

    async def listed(asked: Asked[DisputesQuery, None]) -> Page[DisputeOut]:
        query = asked.query
        wanted = DisputeFilter(query.stage, query.gateway, query.payment, due_before=query.due_before)
        found = await disputes.list.page(wanted, query.place(), query.limit)
        return page_of(found, query.limit, DisputeOut.shown, lambda one: Place(one.opened_at, one.ref))

    async def evidence(asked: Asked[None, EvidenceIn]) -> DisputeOut:
        gateway, ref = _named(asked.part("id"))
        said = disputes.desk.contest(gateway, ref, asked.body.text, key=key_of(asked))
        return DisputeOut.shown(await said)

    async def accept(asked: Asked[None, None]) -> DisputeOut:
        gateway, ref = _named(asked.part("id"))
        return DisputeOut.shown(await disputes.desk.concede(gateway, ref, key=key_of(asked)))

    return [
        Route(
            "POST",
            "/v1/disputes/{id}/evidence",
            evidence,
            Scope.PAYMENTS_ACT,
            "Hand evidence in against a dispute",
            body=EvidenceIn,
            answer=DisputeOut,
        ),
        Route(
            "POST",
            "/v1/disputes/{id}/accept",
            accept,
            Scope.PAYMENTS_ACT,
            "Give a dispute up: the cardholder keeps the money",
            answer=DisputeOut,
        ),
        Route(
            "GET",
            "/v1/disputes",
            listed,
            Scope.PAYMENTS_READ,
            "Disputes, newest first",
            query=DisputesQuery,
            answer=Page[DisputeOut],
            csv=True,
            sensitive=True,
        ),
    ]


def _named(name: str) -> tuple[str, str]:
    gateway, _, ref = name.partition(":")
    if not ref:
        raise NoSuch("dispute", name)
    return gateway, ref
