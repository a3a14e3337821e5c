"""Payment methods: cards that gateways keep for us, charged and forgotten, below `/v1/methods`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from api.money_out import PaymentOut
from api.paging import ListQuery, Page, page_of
from api.problem import NoSuch
from api.repeated import key_of
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.ids import AccountId
from core.money import Money
from db.methods import StoredMethods
from db.pages import Place
from payments.brand import Brand
from payments.desk import Desk
from payments.methods import MethodId, StoredCard
from payments.orders import Initiator
from payments.taken import (
    AlreadyInProgress,
    BillChanged,
    Challenged,
    Held,
    InReview,
    Kept,
    NotTaken,
    OnPageOnly,
    Order,
    Paid,
    Refused,
    Taken,
    Unconfirmed,
)


@dataclass(frozen=True, slots=True)
class Methods:
    """What these routes work with."""

    stored: StoredMethods
    desk: Desk


class MethodsQuery(ListQuery):
    """What may stand behind `?` in a request for the list."""

    account: str = Field("", max_length=128)


class ChargeOrder(BaseModel, extra="forbid"):
    """What is taken from a stored card; `account` is credited, its own customer's unless it is named."""

    amount_minor: int = Field(gt=0, le=10**12)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    account: str = Field("", max_length=64)
    description: str = Field("", max_length=200)
    hold: bool = Field(False, description="reserve the money only")


class MethodOut(BaseModel):
    """A stored card; its token stays here."""

    id: str
    account: str
    gateway: str
    reusable: bool
    listed: bool
    brand: Brand
    last4: str
    created_at: datetime

    @classmethod
    def of(cls, card: StoredCard) -> "MethodOut":
        """The card."""
        return cls(
            id=card.id,
            account=card.account,
            gateway=card.token.gateway,
            reusable=card.token.reusable,
            listed=card.listed,
            brand=card.brand,
            last4=card.last4,
            created_at=card.created_at,
        )


class ChargeOutcome(StrEnum):
    """What came of a charge; only the first two and `unconfirmed` may have moved money."""

    PAID = "paid"
    HELD = "held"
    UNCONFIRMED = "unconfirmed"
    DECLINED = "declined"
    CHALLENGED = "challenged"
    IN_REVIEW = "in_review"
    IN_PROGRESS = "in_progress"
    BILL_CHANGED = "bill_changed"
    NOT_TAKEN = "not_taken"


class ChargeOut(BaseModel):
    """What came of a charge, and why; with the payment where there is one."""

    outcome: ChargeOutcome
    why: str = ""
    payment: PaymentOut | None = None


def routes(methods: Methods) -> Table:
    """`/v1/methods`, one of them, and what is done with it."""

    async def listed(asked: Asked[MethodsQuery, None]) -> Page[MethodOut]:
        query = asked.query
        found = await methods.stored.page(query.account, query.place(), query.limit)
        return page_of(found, query.limit, MethodOut.of, lambda card: Place(card.created_at, card.id))

    async def one(asked: Asked[None, None]) -> MethodOut:
        return MethodOut.of(await _found(methods, asked.part("id")))

    async def charge(asked: Asked[None, ChargeOrder]) -> ChargeOut:
        card, body = await _found(methods, asked.part("id")), asked.body
        order = Order(
            amount=Money(body.amount_minor, body.currency),
            card=card,
            account=AccountId(body.account) if body.account else card.account,
            description=body.description,
            key=key_of(asked),
            hold=body.hold,
            initiator=Initiator.MERCHANT,
        )
        return _told(await methods.desk.take(order))

    async def forget(asked: Asked[None, None]) -> None:
        card = await _found(methods, asked.part("id"))
        await methods.stored.forget(card.id)

    read, act = Scope.METHODS_READ, Scope.METHODS_ACT
    named = "/v1/methods/{id}"
    return [
        Route(
            "GET",
            "/v1/methods",
            listed,
            read,
            "Stored cards, newest first",
            query=MethodsQuery,
            answer=Page[MethodOut],
            csv=True,
            sensitive=True,
        ),
        Route("GET", named, one, read, "A stored card", answer=MethodOut, sensitive=True),
        Route("DELETE", named, forget, act, "Never charge it again, and overwrite its token"),
        Route(
            "POST",
            f"{named}/charge",
            charge,
            act,
            "Charge it; a refusal is an outcome, no error",
            body=ChargeOrder,
            answer=ChargeOut,
            status=201,
        ),
    ]


async def _found(methods: Methods, name: str) -> StoredCard:
    card = await methods.stored.find(MethodId(name))
    if card is None:
        raise NoSuch("payment method", name)
    return card


def _told(taken: Taken) -> ChargeOut:
    match taken:
        case Paid(payment=payment):
            return ChargeOut(outcome=ChargeOutcome.PAID, payment=PaymentOut.of(payment))
        case Held(payment=payment):
            return ChargeOut(outcome=ChargeOutcome.HELD, payment=PaymentOut.of(payment))
        case Unconfirmed(payment=payment):
            why = "the gateway has not answered: what it did is found out, and nobody tries again"
            return ChargeOut(outcome=ChargeOutcome.UNCONFIRMED, why=why, payment=PaymentOut.of(payment))
        case _:
            outcome, why = _not_taken(taken)
            return ChargeOut(outcome=outcome, why=why)


def _not_taken(taken: Taken) -> tuple[ChargeOutcome, str]:
    match taken:
        case Refused(code=code):
            return ChargeOutcome.DECLINED, code.value
        case Challenged():
            return ChargeOutcome.CHALLENGED, "the payer must give a one-time code on a call"
        case InReview(attempt=attempt):
            return ChargeOutcome.IN_REVIEW, f"a person decides about {attempt}"
        case AlreadyInProgress(payment=other):
            return ChargeOutcome.IN_PROGRESS, f"{other} of the same bill has no answer yet"
        case BillChanged(due=due):
            return ChargeOutcome.BILL_CHANGED, f"the bill asks for {due} only"
        case _:
            return ChargeOutcome.NOT_TAKEN, _why(taken)


def _why(taken: Taken) -> str:
    match taken:
        case NotTaken(why=why):
            return why
        case OnPageOnly():
            return "no gateway takes this card without the payer: make a link"
        case Kept():
            return "nothing was asked for"
        case _:
            return "nothing was charged"
