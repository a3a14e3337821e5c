"""The fraud screen: what is found comes to one verdict, with its reasons."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import FixedClock
from core.errors import BadInput, StoreLost
from core.ids import AccountId, AttemptId
from core.money import Money
from payments.card import CardEntry
from payments.fraud.judgement import Bounds, Finding, judged
from payments.fraud.keys import Kind, Marker
from payments.fraud.lists import Entry, MemoryLists
from payments.fraud.model import SHIPPED, load
from payments.fraud.people import People
from payments.fraud.reviews import MemoryReviews, Standing
from payments.fraud.screen import Screen, Stores
from payments.fraud.sightings import MemorySightings
from payments.outcome import DeclineCode, Declined
from payments.purchase import Method, Operation, Purchase
from payments.risk import Decision
from payments.route import Happened

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = bytes(range(32))


class Desk:
    """A screen and what it stands on."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.clock = FixedClock(NOON)
        self.stores = Stores(MemorySightings(), MemoryLists(), MemoryReviews())
        self.people = People(self.stores.reviews, self.stores.lists)
        # the model alone decides nothing here, unless a test says so
        quiet = Bounds(challenge_score=2, review_score=2, refuse_score=2, unusual_percentile=101)
        self.screen = Screen(
            Marker(KEY), load(SHIPPED), self.stores, self.clock, bounds=bounds or quiet, home="US"
        )
        self._number = 0

    def purchase(
        self, *, card: str = "c1", account: str = "a1", caller: str = "+15550100", minor: int = 5000
    ) -> Purchase:
        self._number += 1
        return Purchase(
            AttemptId(f"att_{self._number}"),
            NOON + timedelta(seconds=self._number),
            Money(minor, "USD"),
            Method.CARD,
            AccountId(account),
            caller=caller,
            brand="visa",
            last4="4242",
            fingerprint=card,
            region="US",
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_an_everyday_purchase_is_allowed_and_says_which_model_saw_it(desk: Desk) -> None:
    verdict = await desk.screen.score(desk.purchase())
    assert (verdict.decision, verdict.reasons) == (Decision.ALLOW, ())
    assert verdict.model == load(SHIPPED).version
    assert 0 <= verdict.score < 0.5


async def test_a_card_used_too_often_is_challenged(desk: Desk) -> None:
    verdicts = [await desk.screen.score(desk.purchase()) for _ in range(4)]
    assert [one.decision for one in verdicts] == [Decision.ALLOW] * 3 + [Decision.CHALLENGE]
    assert verdicts[3].reasons == ("4 uses of this card in ten minutes",)


async def test_who_gave_the_code_is_not_asked_again(desk: Desk) -> None:
    for _ in range(3):
        await desk.screen.score(desk.purchase())
    verdict = await desk.screen.score(replace(desk.purchase(), challenged=True))
    assert verdict.decision is Decision.ALLOW
    assert verdict.reasons[-1] == "the one-time code was given"


async def test_without_a_number_for_a_code_a_person_decides(desk: Desk) -> None:
    for _ in range(3):
        await desk.screen.score(desk.purchase(caller=""))
    assert (await desk.screen.score(desk.purchase(caller=""))).decision is Decision.REVIEW


async def test_a_caller_with_many_cards_waits_for_a_person(desk: Desk) -> None:
    for number in range(3):
        await desk.screen.score(desk.purchase(card=f"c{number}"))
    waiting = desk.purchase(card="c9")
    verdict = await desk.screen.score(waiting)
    assert verdict.decision is Decision.REVIEW
    (review,) = await desk.stores.reviews.open()
    assert (review.attempt, review.reasons, review.score) == (waiting.attempt, verdict.reasons, verdict.score)


async def test_a_card_that_banks_refused_is_refused(desk: Desk) -> None:
    for _ in range(4):
        bought = desk.purchase(caller="")
        await desk.screen.score(bought)
        refusal = Declined(DeclineCode.DO_NOT_HONOR)
        desk.screen.note(Happened(bought, "sandbox", Operation.PURCHASE, refusal, 0.1))
    await desk.screen.share()
    verdict = await desk.screen.score(desk.purchase())
    assert verdict.decision is Decision.REFUSE
    assert "4 refusals of this card in a day" in verdict.reasons


async def test_a_gateways_own_trouble_does_not_count_against_a_card(desk: Desk) -> None:
    for _ in range(5):
        bought = desk.purchase()
        await desk.screen.score(bought)
        trouble = Declined(DeclineCode.PROCESSING_ERROR)
        desk.screen.note(Happened(bought, "sandbox", Operation.PURCHASE, trouble, 0.1))
    await desk.screen.share()
    assert (await desk.screen.score(desk.purchase())).decision is Decision.CHALLENGE


@pytest.mark.parametrize(
    ("bounds", "decision"),
    [
        (Bounds(challenge_score=0.0, review_score=2, refuse_score=2), Decision.CHALLENGE),
        (Bounds(review_score=0.0, refuse_score=2), Decision.REVIEW),
        (Bounds(refuse_score=0.0), Decision.REFUSE),
        (Bounds(review_above_minor=4999), Decision.REVIEW),
        (Bounds(review_above_minor=5000), Decision.ALLOW),
        (Bounds(unusual_percentile=0.0), Decision.CHALLENGE),
    ],
)
async def test_every_bound_is_the_operators(bounds: Bounds, decision: Decision) -> None:
    desk = Desk(bounds)
    assert (await desk.screen.score(desk.purchase())).decision is decision


async def test_a_screen_that_watches_lets_all_pass_and_notes_what_it_would_do() -> None:
    desk = Desk()
    desk.screen = Screen(
        Marker(KEY), load(SHIPPED), desk.stores, desk.clock, bounds=Bounds(refuse_score=0.0), watch=True
    )
    verdict = await desk.screen.score(desk.purchase())
    assert verdict.decision is Decision.ALLOW
    assert verdict.reasons[0] == "watching only; would be: refuse"
    assert await desk.stores.reviews.open() == []


async def test_the_gravest_finding_counts_and_all_are_told() -> None:
    findings = [
        Finding(Decision.REVIEW, "b"),
        Finding(Decision.CHALLENGE, "a"),
        Finding(Decision.REFUSE, "c"),
    ]
    verdict = judged(Desk().purchase(), findings, 0.5, "m")
    assert (verdict.decision, verdict.reasons) == (Decision.REFUSE, ("b", "a", "c"))


async def test_lists_go_before_everything_and_denying_before_allowing(desk: Desk) -> None:
    marker = Marker(KEY)
    allowed = Entry(marker.mark(Kind.ACCOUNT, "a1"), True, "a good customer", "ada", NOON)
    denied = Entry(marker.mark(Kind.CALLER, "+15550100"), False, "tries out cards", "ada", NOON)
    await desk.stores.lists.put(allowed)
    await desk.screen.share()
    for _ in range(5):
        verdict = await desk.screen.score(desk.purchase())
        assert verdict.decision is Decision.ALLOW
    assert verdict.reasons == ("its account is allowed by a list: a good customer",)
    await desk.stores.lists.put(denied)
    await desk.screen.share()
    assert (await desk.screen.score(desk.purchase())).decision is Decision.REFUSE


async def test_an_entry_that_ended_counts_no_more(desk: Desk) -> None:
    mark = Marker(KEY).mark(Kind.ACCOUNT, "a1")
    await desk.stores.lists.put(Entry(mark, False, "", "ada", NOON, NOON + timedelta(seconds=1)))
    await desk.screen.share()
    assert (await desk.screen.score(desk.purchase())).decision is Decision.ALLOW


async def test_what_a_person_approved_passes_when_it_comes_again() -> None:
    desk = Desk(Bounds(review_above_minor=1))
    waiting = desk.purchase()
    await desk.screen.score(waiting)
    review = await desk.people.approve(waiting.attempt, "ada", "called back", NOON)
    assert review.standing is Standing.APPROVED
    await desk.screen.share()
    assert (await desk.screen.score(desk.purchase())).decision is Decision.ALLOW
    assert (await desk.screen.score(desk.purchase(card="c2"))).decision is Decision.REVIEW


async def test_what_a_person_denied_never_passes() -> None:
    desk = Desk(Bounds(review_above_minor=1))
    waiting = desk.purchase()
    await desk.screen.score(waiting)
    await desk.people.refuse(waiting.attempt, "ada", "stolen", NOON, deny=True)
    await desk.screen.share()
    assert (await desk.screen.score(desk.purchase())).decision is Decision.REFUSE
    with pytest.raises(BadInput, match="refused by ada already"):
        await desk.people.approve(waiting.attempt, "bob", "", NOON)
    with pytest.raises(BadInput, match="waits for nobody"):
        await desk.people.approve(AttemptId("att_none"), "bob", "", NOON)


async def test_refusals_wait_where_the_store_is_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_attempts: object) -> None:
        raise StoreLost("away")

    for _ in range(4):
        bought = desk.purchase(caller="")
        await desk.screen.score(bought)
        desk.screen.note(Happened(bought, "sandbox", Operation.PURCHASE, Declined(DeclineCode.OTHER), 0.1))
    with monkeypatch.context() as lost:
        lost.setattr(desk.stores.sightings, "declined", away)
        with pytest.raises(StoreLost):
            await desk.screen.share()
    assert (await desk.screen.score(desk.purchase())).decision is not Decision.REFUSE
    await desk.screen.share()
    assert (await desk.screen.score(desk.purchase())).decision is Decision.REFUSE


def test_the_fingerprint_is_the_same_for_the_same_card_only(keyed_in: Callable[..., CardEntry]) -> None:
    marker = Marker(KEY)
    with keyed_in() as one, keyed_in() as same, keyed_in(b"5555555555554444") as other:
        assert marker.fingerprint(one) == marker.fingerprint(same) != marker.fingerprint(other)
        assert len(marker.fingerprint(one)) == 32
        assert Marker(bytes(32)).fingerprint(one) != marker.fingerprint(one)
        assert "4242" not in marker.fingerprint(one)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="31 bytes"):
        Marker(bytes(31))


def test_marks_are_of_what_is_known_and_hide_it() -> None:
    marks = Marker(KEY).marks(Desk().purchase(caller=""))
    assert [mark.kind for mark in marks] == [Kind.CARD, Kind.ACCOUNT]
    assert marks[0].hash == "c1"
    assert "a1" not in marks[1].hash
