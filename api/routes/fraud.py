"""Fraud: purchases that wait for a person, and what always or never passes, below `/v1/fraud`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, Field

from api.paging import ListQuery, Page, page_of
from api.problem import NoSuch, NotDone
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.clock import Clock
from core.ids import AttemptId
from db.fraud_cases import StoredLists, StoredReviews
from db.pages import Place
from payments.fraud.keys import Kind, Mark
from payments.fraud.lists import Entry
from payments.fraud.people import People
from payments.fraud.reviews import Review, Standing


@dataclass(frozen=True, slots=True)
class FraudRoom:
    """What these routes work with; `mark` makes the keyed hash of a thing."""

    reviews: StoredReviews
    lists: StoredLists
    mark: Callable[[Kind, str], Mark]
    clock: Clock


class ListedKind(StrEnum):
    """What a person may put on a list; a card gets there by a decision about a review."""

    CALLER = "caller"
    ACCOUNT = "account"
    ADDRESS = "address"


class ReviewsQuery(ListQuery):
    """What may stand behind `?` in a request for reviews."""

    standing: Standing | None = None


class ListsQuery(ListQuery):
    """What may stand behind `?` in a request for list entries."""

    kind: Kind | None = None
    allow: bool | None = None


class Note(BaseModel, extra="forbid"):
    """Why."""

    note: str = Field("", max_length=500)


class Refusal(Note, extra="forbid"):
    """Why, and whether the card is never taken again."""

    deny: bool = False


class EntryOrder(BaseModel, extra="forbid"):
    """What is put on a list; only a keyed hash of `value` is kept. Without `days` it stays for ever."""

    kind: ListedKind
    value: str = Field(min_length=1, max_length=200)
    allow: bool
    reason: str = Field("", max_length=500)
    days: int | None = Field(None, ge=1, le=3650)


class ReviewOut(BaseModel):
    """A purchase that waits for a person, or waited; nothing was charged for it."""

    attempt: str
    at: datetime
    account: str
    call: str | None
    amount_minor: int
    currency: str
    brand: str
    last4: str
    score: float
    reasons: list[str]
    model: str
    standing: Standing
    decided_by: str
    decided_at: datetime | None
    note: str

    @classmethod
    def of(cls, review: Review) -> "ReviewOut":
        """The review as it stands."""
        return cls(
            attempt=review.attempt,
            at=review.at,
            account=review.account,
            call=review.call,
            amount_minor=review.amount.minor,
            currency=review.amount.currency,
            brand=review.brand,
            last4=review.last4,
            score=review.score,
            reasons=list(review.reasons),
            model=review.model,
            standing=review.standing,
            decided_by=review.decided_by,
            decided_at=review.decided_at,
            note=review.note,
        )


class ListEntryOut(BaseModel):
    """Something that always passes, or never does, by its keyed hash."""

    kind: Kind
    hash: str
    allow: bool
    reason: str
    by: str
    at: datetime
    until: datetime | None

    @classmethod
    def of(cls, entry: Entry) -> "ListEntryOut":
        """The entry."""
        return cls(
            kind=entry.mark.kind,
            hash=entry.mark.hash,
            allow=entry.allow,
            reason=entry.reason,
            by=entry.by,
            at=entry.at,
            until=entry.until,
        )


def routes(fraud: FraudRoom) -> Table:
    """`/v1/fraud/reviews` with its decisions, and `/v1/fraud/lists`."""
    people = People(fraud.reviews, fraud.lists)

    async def reviews(asked: Asked[ReviewsQuery, None]) -> Page[ReviewOut]:
        query = asked.query
        found = await fraud.reviews.page(query.standing, query.place(), query.limit)
        return page_of(found, query.limit, ReviewOut.of, lambda one: Place(one.at, one.attempt))

    async def approve(asked: Asked[None, Note]) -> ReviewOut:
        attempt = await _waiting(fraud, asked.part("attempt"))
        who, now = asked.who.name, fraud.clock.now()
        return ReviewOut.of(await people.approve(attempt, who, asked.body.note, now))

    async def refuse(asked: Asked[None, Refusal]) -> ReviewOut:
        attempt = await _waiting(fraud, asked.part("attempt"))
        who, now, body = asked.who.name, fraud.clock.now(), asked.body
        return ReviewOut.of(await people.refuse(attempt, who, body.note, now, deny=body.deny))

    async def lists(asked: Asked[ListsQuery, None]) -> Page[ListEntryOut]:
        query = asked.query
        found = await fraud.lists.page(query.kind, query.allow, query.place(), query.limit)
        return page_of(found, query.limit, ListEntryOut.of, _place)

    async def put(asked: Asked[None, EntryOrder]) -> ListEntryOut:
        order, now = asked.body, fraud.clock.now()
        mark = fraud.mark(Kind(order.kind.value), order.value)
        until = now + timedelta(days=order.days) if order.days else None
        entry = Entry(mark, order.allow, order.reason, asked.who.name, now, until)
        await fraud.lists.put(entry)
        return ListEntryOut.of(entry)

    async def remove(asked: Asked[None, None]) -> None:
        name = f"{asked.part('kind')} {asked.part('hash')}"
        try:
            mark = Mark(Kind(asked.part("kind")), asked.part("hash"))
        except ValueError:
            raise NoSuch("list entry", name) from None
        if not await fraud.lists.remove(mark):
            raise NoSuch("list entry", name)

    read, act = Scope.FRAUD_READ, Scope.FRAUD_ACT
    waits, listed = "/v1/fraud/reviews", "/v1/fraud/lists"
    return [
        Route(
            "GET",
            waits,
            reviews,
            read,
            "Purchases that wait for a person, newest first",
            query=ReviewsQuery,
            answer=Page[ReviewOut],
            csv=True,
            sensitive=True,
        ),
        Route(
            "POST",
            f"{waits}/{{attempt}}/approve",
            approve,
            act,
            "Let it pass when it comes again within a day",
            body=Note,
            answer=ReviewOut,
        ),
        Route("POST", f"{waits}/{{attempt}}/refuse", refuse, act, "Leave it", body=Refusal, answer=ReviewOut),
        Route(
            "GET",
            listed,
            lists,
            read,
            "What always passes, and what never does",
            query=ListsQuery,
            answer=Page[ListEntryOut],
            csv=True,
        ),
        Route(
            "POST",
            listed,
            put,
            act,
            "Put something on a list",
            body=EntryOrder,
            answer=ListEntryOut,
            status=201,
        ),
        Route("DELETE", f"{listed}/{{kind}}/{{hash}}", remove, act, "Take it off"),
    ]


async def _waiting(fraud: FraudRoom, name: str) -> AttemptId:
    review = await fraud.reviews.find(AttemptId(name))
    if review is None:
        raise NoSuch("review", name)
    if review.standing is not Standing.OPEN:
        told = f"{name} was {review.standing.value} by {review.decided_by} already"
        raise NotDone(409, "decided_already", told)
    return review.attempt


def _place(entry: Entry) -> Place:
    return Place(entry.at, f"{entry.mark.kind.value} {entry.mark.hash}")
