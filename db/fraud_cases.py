"""Lists and reviews (payments.fraud.lists, payments.fraud.reviews), in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import RowMapping

from core.ids import AttemptId
from core.money import Money
from db.audit import append
from db.engine import Work
from db.fraud_tables import fraud_lists, fraud_reviews
from db.pages import Place, newest_first
from db.storable import storable
from payments.fraud.keys import Kind, Mark
from payments.fraud.lists import Entry
from payments.fraud.reviews import Review, Standing


class StoredLists:
    """The Lists protocol over PostgreSQL; each change stands in the audit trail."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def put(self, entry: Entry) -> None:
        """Write an entry down; it takes the place of one of the same mark."""
        reason, by = storable(entry.reason), storable(entry.by)
        values = {
            "allow": entry.allow,
            "reason": reason,
            "added_by": by,
            "at": entry.at,
            "until": entry.until,
        }
        key = {"kind": entry.mark.kind.value, "hash": entry.mark.hash}
        new = insert(fraud_lists).values(key | values)
        async with self._work.begin() as tx:
            await tx.execute(new.on_conflict_do_update(index_elements=["kind", "hash"], set_=values))
            action = "fraud list: allowed" if entry.allow else "fraud list: denied"
            detail = {"kind": key["kind"], "reason": reason, "by": by}
            await append(tx, entry.at, action, entry.mark.hash, detail)

    async def remove(self, mark: Mark) -> bool:
        """Take a mark off; False when it was on no list."""
        mine = (fraud_lists.c.kind == mark.kind.value) & (fraud_lists.c.hash == mark.hash)
        async with self._work.begin() as tx:
            return bool((await tx.execute(delete(fraud_lists).where(mine))).rowcount)

    async def page(
        self, kind: Kind | None, allow: bool | None, place: Place | None, limit: int
    ) -> list[Entry]:
        """The newest behind a place, one more than `limit`, those that ended too."""
        query = select(fraud_lists)
        if kind is not None:
            query = query.where(fraud_lists.c.kind == kind.value)
        if allow is not None:
            query = query.where(fraud_lists.c.allow == allow)
        name = fraud_lists.c.kind + " " + fraud_lists.c.hash
        async with self._work.single() as tx:
            rows = await tx.execute(newest_first(query, fraud_lists.c.at, name, place, limit))
            return [_entry(row) for row in rows.mappings()]

    async def all(self) -> list[Entry]:
        """Every entry, those that ended too."""
        query = select(fraud_lists).order_by(fraud_lists.c.at, fraud_lists.c.kind, fraud_lists.c.hash)
        async with self._work.begin() as tx:
            return [_entry(row) for row in (await tx.execute(query)).mappings()]


class StoredReviews:
    """The Reviews protocol over PostgreSQL."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, reviews: Sequence[Review]) -> None:
        """Write open ones down; one that is known already stays as it is."""
        rows = [_row(one) for one in reviews]
        async with self._work.begin() as tx:
            await tx.execute(insert(fraud_reviews).on_conflict_do_nothing(), rows)

    async def open(self, limit: int = 50) -> list[Review]:
        """Those that wait, oldest first."""
        waiting = fraud_reviews.c.standing == Standing.OPEN.value
        query = select(fraud_reviews).where(waiting).order_by(fraud_reviews.c.at, fraud_reviews.c.attempt)
        async with self._work.begin() as tx:
            return [_review(row) for row in (await tx.execute(query.limit(limit))).mappings()]

    async def page(self, standing: Standing | None, place: Place | None, limit: int) -> list[Review]:
        """The newest behind a place, one more than `limit`."""
        query = select(fraud_reviews)
        if standing is not None:
            query = query.where(fraud_reviews.c.standing == standing.value)
        query = newest_first(query, fraud_reviews.c.at, fraud_reviews.c.attempt, place, limit)
        async with self._work.single() as tx:
            return [_review(row) for row in (await tx.execute(query)).mappings()]

    async def find(self, attempt: AttemptId) -> Review | None:
        """One of them, decided or not."""
        query = select(fraud_reviews).where(fraud_reviews.c.attempt == attempt)
        async with self._work.begin() as tx:
            row = (await tx.execute(query)).mappings().first()
        return _review(row) if row is not None else None

    async def decide(
        self, attempt: AttemptId, standing: Standing, by: str, note: str, at: datetime
    ) -> Review | None:
        """Decide an open one, and write in the audit trail who did; None when it is not open."""
        mine = (fraud_reviews.c.attempt == attempt) & (fraud_reviews.c.standing == Standing.OPEN.value)
        values = {
            "standing": standing.value,
            "decided_by": storable(by),
            "decided_at": at,
            "note": storable(note),
        }
        decided = update(fraud_reviews).where(mine).values(values).returning(fraud_reviews)
        async with self._work.begin() as tx:
            row = (await tx.execute(decided)).mappings().first()
            if row is None:
                return None
            detail = {"by": row["decided_by"], "note": row["note"], "account": row["account"]}
            await append(tx, at, f"fraud review: {standing.value}", attempt, detail)
        return _review(row)


def _entry(row: RowMapping) -> Entry:
    mark = Mark(Kind(row["kind"]), row["hash"])
    return Entry(mark, row["allow"], row["reason"], row["added_by"], row["at"], row["until"])


def _row(one: Review) -> dict[str, object]:
    return {
        "attempt": one.attempt,
        "at": one.at,
        "account": one.account,
        "call": one.call,
        "amount_minor": one.amount.minor,
        "currency": one.amount.currency,
        "brand": one.brand,
        "last4": one.last4,
        "score": one.score,
        "reasons": list(one.reasons),
        "model": one.model,
        "marks": [[mark.kind.value, mark.hash] for mark in one.marks],
    }


def _review(row: RowMapping) -> Review:
    return Review(
        row["attempt"],
        row["at"],
        row["account"],
        row["call"],
        Money(row["amount_minor"], row["currency"]),
        row["brand"],
        row["last4"],
        row["score"],
        tuple(row["reasons"]),
        row["model"],
        tuple(Mark(Kind(kind), hash_) for kind, hash_ in row["marks"]),
        Standing(row["standing"]),
        row["decided_by"],
        row["decided_at"],
        row["note"],
    )
