"""What every store of the fraud screen does: sightings, lists, reviews, one-time codes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from core.ids import AccountId, AttemptId, CallId
from core.money import Money
from db.engine import Work
from db.fraud_cases import StoredLists, StoredReviews
from db.fraud_codes import StoredCodes
from db.fraud_sightings import StoredSightings
from payments.fraud.keys import Kind, Mark
from payments.fraud.lists import Entry, Lists, MemoryLists
from payments.fraud.one_time_code import Check, Codes, Issued, MemoryCodes
from payments.fraud.reviews import MemoryReviews, Review, Reviews, Standing
from payments.fraud.sightings import MOST, MemorySightings, Sighting, Sightings

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BOTH = ["memory", pytest.param("postgresql", marks=pytest.mark.integration)]


def mark(kind: Kind, name: str) -> Mark:
    return Mark(kind, name.rjust(32, "0"))


def sighting(
    attempt: str, card: str = "1", account: str = "a", *, after_s: float = 0.0, amount: float = 10.0
) -> Sighting:
    marks = (mark(Kind.CARD, card), mark(Kind.CALLER, "c"), mark(Kind.ACCOUNT, account))
    return Sighting(AttemptId(attempt), NOON + timedelta(seconds=after_s), amount, marks)


@pytest.fixture(params=BOTH)
def sightings(request: pytest.FixtureRequest) -> Sightings:
    return (
        MemorySightings() if request.param == "memory" else StoredSightings(request.getfixturevalue("work"))
    )


@pytest.fixture(params=BOTH)
def lists(request: pytest.FixtureRequest) -> Lists:
    return MemoryLists() if request.param == "memory" else StoredLists(request.getfixturevalue("work"))


@pytest.fixture(params=BOTH)
def reviews(request: pytest.FixtureRequest) -> Reviews:
    return MemoryReviews() if request.param == "memory" else StoredReviews(request.getfixturevalue("work"))


@pytest.fixture(params=BOTH)
def codes(request: pytest.FixtureRequest) -> Codes:
    return MemoryCodes() if request.param == "memory" else StoredCodes(request.getfixturevalue("work"))


async def test_what_was_seen_before_is_counted_by_window(sightings: Sightings) -> None:
    for number, seconds in enumerate((-8 * 86400, -6 * 86400, -80_000, -3000, -500)):
        await sightings.see([sighting(f"t{number}", after_s=seconds, amount=10.0 * number)])
    (seen,) = await sightings.see([sighting("now")])
    card = seen[Kind.CARD]
    assert (card.short, card.hour, card.day, card.week) == (1, 2, 3, 4)
    assert card.mean_week == pytest.approx(25.0)


async def test_a_purchase_does_not_count_for_itself_nor_twice(sightings: Sightings) -> None:
    await sightings.see([sighting("t1")])
    (again,) = await sightings.see([sighting("t1")])
    assert again[Kind.CARD].week == 0
    (other,) = await sightings.see([sighting("t2", after_s=1)])
    assert other[Kind.CARD].week == 1


async def test_those_of_one_batch_do_not_count_for_each_other(sightings: Sightings) -> None:
    first, second = await sightings.see([sighting("t1"), sighting("t2", after_s=1)])
    assert first[Kind.CARD].week == second[Kind.CARD].week == 0
    (third,) = await sightings.see([sighting("t3", after_s=2)])
    assert third[Kind.CARD].week == 2


async def test_partners_are_counted_with_this_one(sightings: Sightings) -> None:
    await sightings.see([sighting("t1", card="1")])
    await sightings.see([sighting("t2", card="2", after_s=1)])
    (seen,) = await sightings.see([sighting("t3", card="3", after_s=2)])
    assert seen[Kind.CALLER].partners_day == 3
    assert seen[Kind.CARD].partners_day == 1


async def test_refusals_are_counted_for_all_marks(sightings: Sightings) -> None:
    await sightings.see([sighting("t1")])
    await sightings.declined([AttemptId("t1"), AttemptId("nobody")])
    (seen,) = await sightings.see([sighting("t2", after_s=1)])
    assert [seen[kind].declines_day for kind in (Kind.CARD, Kind.CALLER, Kind.ACCOUNT)] == [1, 1, 1]


async def test_only_the_newest_of_a_busy_mark_count(sightings: Sightings) -> None:
    await sightings.see([sighting(f"t{number}") for number in range(MOST + 5)])
    (seen,) = await sightings.see([sighting("now", after_s=1)])
    assert seen[Kind.CALLER].week == MOST


async def test_a_purchase_that_is_known_by_nothing_has_seen_nothing(sightings: Sightings) -> None:
    assert await sightings.see([Sighting(AttemptId("t1"), NOON, 1.0, ())]) == [{}]
    assert await sightings.see([]) == []


async def test_old_sightings_can_be_forgotten(sightings: Sightings) -> None:
    await sightings.see([sighting("t1", after_s=-100), sighting("t2")])
    assert await sightings.forget(NOON) == 1
    (seen,) = await sightings.see([sighting("t3", after_s=1)])
    assert seen[Kind.CARD].week == 1


@pytest.mark.integration
async def test_memory_and_database_count_the_same(work: Work) -> None:
    chance, memory, stored = Random(1), MemorySightings(), StoredSightings(work)
    at = 0.0
    for number in range(60):
        batch = []
        for one in range(chance.randrange(1, 5)):
            at += chance.expovariate(1 / 4000)
            card, account = str(chance.randrange(4)), "ab"[chance.randrange(2)]
            made = sighting(
                f"t{number}.{one}", card, account, after_s=at, amount=float(chance.randrange(1, 90))
            )
            batch.append(replace(made, marks=made.marks[chance.randrange(3) :]))
        expected, found = await memory.see(batch), await stored.see(batch)
        for left, right in zip(expected, found, strict=True):
            assert left.keys() == right.keys()
            for kind, velocity in left.items():
                assert replace(velocity, mean_week=0) == replace(right[kind], mean_week=0)
                assert velocity.mean_week == pytest.approx(right[kind].mean_week)
        refused = [one.attempt for one in batch if chance.random() < 0.3]
        await memory.declined(refused)
        await stored.declined(refused)


def entry(name: str = "1", *, allow: bool = False) -> Entry:
    return Entry(mark(Kind.CARD, name), allow, "stolen", "ada", NOON, NOON + timedelta(days=1))


async def test_an_entry_is_kept_replaced_and_removed(lists: Lists) -> None:
    await lists.put(entry())
    assert await lists.all() == [entry()]
    await lists.put(entry(allow=True))
    assert await lists.all() == [entry(allow=True)]
    assert await lists.remove(entry().mark)
    assert not await lists.remove(entry().mark)
    assert await lists.all() == []


def review(attempt: str = "att_1", at: datetime = NOON) -> Review:
    return Review(
        AttemptId(attempt),
        at,
        AccountId("acct_1"),
        CallId("call_1"),
        Money(10_000, "USD"),
        "visa",
        "4242",
        0.7,
        ("the model gives 0.70", "4 cards of this caller in a day"),
        "shipped@1",
        (mark(Kind.CARD, "1"), mark(Kind.ACCOUNT, "a")),
    )


async def test_reviews_wait_in_the_order_of_time(reviews: Reviews) -> None:
    later = review("att_2", NOON + timedelta(seconds=1))
    await reviews.add([later, review()])
    assert await reviews.open() == [review(), later]
    assert await reviews.open(limit=1) == [review()]


async def test_a_review_is_decided_once(reviews: Reviews) -> None:
    await reviews.add([review()])
    decided = await reviews.decide(AttemptId("att_1"), Standing.APPROVED, "ada", "known to us", NOON)
    assert decided == replace(
        review(), standing=Standing.APPROVED, decided_by="ada", note="known to us", decided_at=NOON
    )
    assert await reviews.decide(AttemptId("att_1"), Standing.REFUSED, "bob", "", NOON) is None
    assert await reviews.find(AttemptId("att_1")) == decided
    assert await reviews.open() == []


async def test_a_review_that_is_added_again_stays_as_it_is(reviews: Reviews) -> None:
    await reviews.add([review()])
    await reviews.decide(AttemptId("att_1"), Standing.REFUSED, "ada", "", NOON)
    await reviews.add([review()])
    assert await reviews.open() == []
    assert await reviews.find(AttemptId("att_9")) is None


def issued(subject: str = "call_1", hash_: str = "right", at: datetime = NOON) -> Issued:
    return Issued(subject, "to-hash", hash_, at, at + timedelta(minutes=5), 3)


SINCE, HOURLY = NOON - timedelta(hours=1), 3


async def test_a_code_is_good_once(codes: Codes) -> None:
    assert await codes.issue(issued(), SINCE, HOURLY)
    assert await codes.attempt("call_1", "right", NOON) is Check.RIGHT
    assert await codes.attempt("call_1", "right", NOON) is Check.OVER


async def test_a_code_may_be_tried_so_often(codes: Codes) -> None:
    await codes.issue(issued(), SINCE, HOURLY)
    tried = [await codes.attempt("call_1", "wrong", NOON) for _ in range(3)]
    assert tried == [Check.WRONG, Check.WRONG, Check.OVER]
    assert await codes.attempt("call_1", "right", NOON) is Check.OVER


async def test_a_code_ends(codes: Codes) -> None:
    await codes.issue(issued(), SINCE, HOURLY)
    assert await codes.attempt("call_1", "right", NOON + timedelta(minutes=5)) is Check.OVER
    assert await codes.attempt("call_2", "right", NOON) is Check.OVER


async def test_a_new_code_takes_the_place_of_the_old(codes: Codes) -> None:
    await codes.issue(issued(), SINCE, HOURLY)
    await codes.attempt("call_1", "wrong", NOON)
    await codes.issue(issued(hash_="newer"), SINCE, HOURLY)
    assert await codes.attempt("call_1", "right", NOON) is Check.WRONG
    assert await codes.attempt("call_1", "newer", NOON) is Check.RIGHT


async def test_a_number_gets_so_many_codes_an_hour(codes: Codes) -> None:
    sent = [await codes.issue(issued(f"call_{one % 2}"), SINCE, HOURLY) for one in range(4)]
    assert sent == [True, True, True, False]
    later = NOON + timedelta(minutes=61)
    assert await codes.issue(issued("call_9", at=later), later - timedelta(hours=1), HOURLY)
