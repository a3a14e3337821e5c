"""Payments: the list, one with all that belongs to it, and money that is taken, let go or given back."""

from dataclasses import dataclass

from pydantic import BaseModel, Field

from api.money_out import DecisionOut, EntryOut, PaymentDisputeOut, PaymentOut, RefundOut
from api.paging import ListQuery, Page, page_of
from api.periods import PeriodQuery
from api.problem import NoSuch, NotDone
from api.repeated import key_of
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.ids import PaymentId
from core.money import Money
from db.engine import Work
from db.pages import Place
from db.payment_list import PaymentFilter, PaymentList
from db.payment_story import story
from payments.desk import Desk
from payments.refunds import RefundState, TooMuchBack
from payments.session import State
from payments.store import Payment
from payments.store import Payments as KeptPayments


@dataclass(frozen=True, slots=True)
class Payments:
    """What these routes work with."""

    work: Work
    list: PaymentList
    kept: KeptPayments
    desk: Desk


class PaymentsQuery(PeriodQuery):
    """What may stand behind `?` in a request for the list."""

    state: State | None = None
    account: str = Field("", max_length=128)
    call: str = Field("", max_length=64)
    gateway: str = Field("", max_length=64)
    brand: str = Field("", max_length=32)
    last4: str = Field("", pattern=r"^([0-9]{4})?$")
    q: str = Field(
        "", max_length=128, description="its id, its receipt code, its account or that one's number"
    )


class RefundsQuery(ListQuery):
    """What may stand behind `?` in a request for refunds."""

    payment: str = Field("", max_length=64)
    state: RefundState | None = None


class RefundOrder(BaseModel, extra="forbid"):
    """What is given back; without an amount all that is left."""

    amount_minor: int | None = Field(None, gt=0, le=10**12)
    reason: str = Field("", max_length=200)


class CaptureOrder(BaseModel, extra="forbid"):
    """How much of the reserved money is taken; without an amount all of it."""

    amount_minor: int | None = Field(None, gt=0, le=10**12)


class PaymentWhole(PaymentOut):
    """A payment with all that belongs to it; `others` are those of the same attempt at other gateways."""

    decision: DecisionOut | None
    others: list[PaymentOut]
    refunds: list[RefundOut]
    disputes: list[PaymentDisputeOut]
    ledger: list[EntryOut]


def routes(payments: Payments) -> Table:
    """The routes below `/v1/payments`, and `/v1/refunds`."""

    async def listed(asked: Asked[PaymentsQuery, None]) -> Page[PaymentOut]:
        query = asked.query
        wanted = PaymentFilter(**{name: getattr(query, name) for name in _FILTERS})
        found = await payments.list.page(wanted, query.place(), query.limit)
        return page_of(found, query.limit, PaymentOut.of, _place)

    async def one(asked: Asked[None, None]) -> PaymentWhole:
        name = PaymentId(asked.part("id"))
        found = await story(payments.work, name)
        if found is None:
            raise NoSuch("payment", name)
        return PaymentWhole(
            **dict(PaymentOut.of(found.payment)),
            decision=DecisionOut.of(found.decision) if found.decision else None,
            others=[PaymentOut.of(other) for other in found.others],
            refunds=[RefundOut.of(refund) for refund in found.refunds],
            disputes=[PaymentDisputeOut.of(dispute) for dispute in found.disputes],
            ledger=[EntryOut.of(entry) for entry in found.entries],
        )

    async def capture(asked: Asked[None, CaptureOrder]) -> PaymentOut:
        name = PaymentId(asked.part("id"))
        amount = await _amount(payments, name, asked.body.amount_minor)
        return PaymentOut.of(await payments.desk.capture(name, amount))

    async def void(asked: Asked[None, None]) -> PaymentOut:
        return PaymentOut.of(await payments.desk.void(PaymentId(asked.part("id"))))

    async def refund(asked: Asked[None, RefundOrder]) -> RefundOut:
        name = PaymentId(asked.part("id"))
        amount = await _amount(payments, name, asked.body.amount_minor)
        given = await payments.desk.refund(name, amount, key=key_of(asked), reason=asked.body.reason)
        if isinstance(given, TooMuchBack):
            told = f"no more than {given.left} of {name} can be given back"
            raise NotDone(409, "too_much_back", told)
        return RefundOut.of(given)

    async def refunds(asked: Asked[RefundsQuery, None]) -> Page[RefundOut]:
        query = asked.query
        found = await payments.list.refunds(query.payment, query.state, query.place(), query.limit)
        return page_of(found, query.limit, RefundOut.of, lambda one: Place(one.created_at, one.id))

    read, act = Scope.PAYMENTS_READ, Scope.PAYMENTS_ACT
    named = "/v1/payments/{id}"
    return [
        Route(
            "GET",
            "/v1/payments",
            listed,
            read,
            "Payments, newest first",
            query=PaymentsQuery,
            answer=Page[PaymentOut],
            sensitive=True,
            csv=True,
        ),
        Route(
            "GET",
            named,
            one,
            read,
            "A payment, and all that belongs to it",
            answer=PaymentWhole,
            sensitive=True,
        ),
        Route(
            "POST",
            f"{named}/capture",
            capture,
            act,
            "Take reserved money",
            body=CaptureOrder,
            answer=PaymentOut,
        ),
        Route("POST", f"{named}/void", void, act, "Let reserved money go", answer=PaymentOut),
        Route(
            "POST",
            f"{named}/refunds",
            refund,
            Scope.REFUNDS_ACT,
            "Give money back",
            body=RefundOrder,
            answer=RefundOut,
            status=201,
        ),
        Route(
            "GET",
            "/v1/refunds",
            refunds,
            read,
            "Refunds, newest first",
            query=RefundsQuery,
            answer=Page[RefundOut],
            csv=True,
            sensitive=True,
        ),
    ]


_FILTERS = ("state", "account", "call", "gateway", "brand", "last4", "since", "until", "q")


async def _amount(payments: Payments, name: PaymentId, minor: int | None) -> Money | None:
    """An amount in the currency of the payment."""
    found = await payments.kept.find(name)
    if found is None:
        raise NoSuch("payment", name)
    return Money(minor, found.amount.currency) if minor is not None else None


def _place(payment: Payment) -> Place:
    return Place(payment.created_at, payment.id)
