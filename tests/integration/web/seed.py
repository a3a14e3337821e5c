"""Three weeks of made-up calls and payments, written by the real stores: the same ones each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from core.clock import FixedClock
from core.events import (
    Answered,
    CallEnded,
    CallerUpset,
    CallHandedOver,
    CallStarted,
    CardProgress,
    Fact,
    Pressed,
    RequestMoved,
    Said,
    SaidAll,
    SpeaksLanguage,
    Spoke,
)
from core.ids import AccountId, CallId, new_attempt_id, new_payment_id
from core.money import Money
from db.call_hours import CallHours
from db.engine import Work
from db.facts import KeptFacts
from db.fraud_cases import StoredReviews
from db.links import StoredLinks
from db.queue import Queue
from db.webhook_endpoints import StoredEndpoints
from ivr.sessions import Session
from payments.attempt import Attempt
from payments.fraud.reviews import Review
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.links.link import Link, LinkId
from payments.purchase import Method, Purchase
from payments.risk import Decision, Verdict
from payments.route import Choice, Passed, Route
from payments.session import State
from payments.store import Move, Payment
from payments.stores import Stores
from tests.integration.api.rig import Api
from tests.integration.web.seed_books import books
from tests.integration.web.seed_words import words

EVIL = "<script>document.title='broken into'</script>"
"""What somebody calls himself who wants to be more than text."""

_OUTCOMES = ("paid", "paid", "paid", "paid", "declined", "hung_up", "spoke_to_agent", "declined_to_pay")
_REASONS = ("insufficient_funds", "do_not_honor", "expired_card", "wrong_code")
_BRANDS = ("visa", "mastercard", "amex")
_DAYS = 20
_CHOICE = Choice(SandboxGateway(Random(1)), ("it approves 94 % of such cards", "it costs 2.9 %"))


@dataclass(frozen=True)
class Seeded:
    """What there is to look at."""

    call: CallId
    payment: str


async def seed(api: Api, number: int = 240) -> Seeded:
    """Write them, the newest an hour old."""
    chance, now = Random(7), datetime.now(UTC)
    made = [await _call(api, chance, now, place, number) for place in range(number)]
    await _others(api, chance, now)
    paid = [one for one in made if one is not None and one.state is State.CAPTURED]
    await books(api, now, paid)
    await words(api, now)
    await CallHours(api.work).catch_up()
    call, newest = paid[-1].call, paid[-1]
    assert call is not None
    return Seeded(call, newest.id)


async def _call(api: Api, chance: Random, now: datetime, place: int, number: int) -> Payment | None:
    began = now - timedelta(hours=1) - timedelta(days=_DAYS) * (number - 1 - place) / number
    call, outcome = CallId(f"call_{place:04}"), chance.choice(_OUTCOMES)
    caller = EVIL if place == number - 1 else f"+1555{chance.randrange(100_000, 199_999):07}"
    clock = FixedClock(began)
    facts = KeptFacts(api.work, clock)
    minor = chance.randrange(1_000, 40_000)
    await api.sessions.start(Session(call, "1000", caller, "pay_bill", "node-1", began))
    for after_s, fact in _story(call, caller, outcome, minor, chance):
        clock.advance(began + timedelta(seconds=after_s) - clock.now())
        facts.tell(fact)
    await facts.flush()
    await api.sessions.end(call, began + timedelta(seconds=100), outcome, "normal")
    if outcome not in {"paid", "declined"}:
        return None
    return await _payment(api.stores, call, minor, began, chance, paid=outcome == "paid")


def _story(
    call: CallId, caller: str, outcome: str, minor: int, chance: Random
) -> Sequence[tuple[float, Fact]]:
    waited, thought = chance.randrange(250, 600), chance.randrange(40, 200)
    amount = f"{minor / 100:.2f} dollars"
    story: list[tuple[float, Fact]] = [
        (0, CallStarted(call, "1000", caller, "pay_bill")),
        (0.2, Said(call, "greeting", "Welcome to Example Power. You can pay a bill on this line.")),
        (4, SaidAll(call, "greeting", interrupted=False)),
        (4.1, Said(call, "ask_account", "Please say or key in your account number, then press pound.")),
        (9, SaidAll(call, "ask_account", interrupted=True)),
        (9.1, Pressed(call, "account", 8)),
        (9.2, Answered(call, "account", "123456••")),
        (9.6, Said(call, "due", f"You owe {amount}. Do you want to pay it now?")),
        (14, SaidAll(call, "due", interrupted=False)),
    ]
    if outcome == "hung_up":
        return [*story, (20, CallEnded(call, "hung_up", "normal", 20.0))]
    said = "no thanks" if outcome == "declined_to_pay" else "yes please"
    story += [
        (16, Spoke(call, "pay_now", said, waited, thought)),
        (16.1, Answered(call, "pay_now", said.split(maxsplit=1)[0])),
        (16.1 + (waited + thought) / 1000, Said(call, "card_number", "Please key in your card number.")),
    ]
    if outcome == "spoke_to_agent":
        story += [
            (26, SpeaksLanguage(call, "es")),
            (28, CallerUpset(call, "card_number", 1.4)),
            (30, CallHandedOver(call, "201", "transferred")),
            (31, RequestMoved(call, "17", "call_back", "open")),
        ]
    if outcome in {"paid", "declined"}:
        story += [
            (30, CardProgress(call, "payment-card-number", "x" * 16, complete=True)),
            (36, CardProgress(call, "expiration-date", "xxxx", complete=True)),
            (41, CardProgress(call, "security-code", "xxx", complete=True)),
        ]
    return [*story, (100, CallEnded(call, outcome, "normal", 100.0))]


async def _payment(
    stores: Stores, call: CallId, minor: int, at: datetime, chance: Random, *, paid: bool
) -> Payment:
    name, attempt, account = new_payment_id(), new_attempt_id(), AccountId(f"acct_{chance.randrange(90)}")
    amount, brand = Money(minor, "USD"), chance.choice(_BRANDS)
    last4, score = f"{chance.randrange(10_000):04}", round(chance.random() * 0.4, 3)
    purchase = Purchase(attempt, at, amount, Method.CARD, account, call, "", brand, last4)
    verdict = Verdict(Decision.ALLOW, score, ("second card of this caller today",), "trees-1")
    payment = Payment(
        id=name,
        call=call,
        account=account,
        amount=amount,
        state=State.PENDING,
        gateway="sandbox",
        key=f"key-{name}",
        brand=brand,
        last4=last4,
        receipt=f"{chance.randrange(10**8):08}",
        created_at=at,
        attempt=attempt,
    )
    route = Route((_CHOICE,), (Passed("square", "its breaker is open"),))
    await stores.payments.open(payment, Attempt(purchase, f"key-{attempt}", "digest", verdict, route))
    to, reason = (State.CAPTURED, "") if paid else (State.DECLINED, chance.choice(_REASONS))
    return await stores.payments.move(name, Move(to, ref=f"ch_{name[-12:]}", reason=reason))


async def _others(api: Api, chance: Random, now: datetime) -> None:
    clock, reviews = FixedClock(now), []
    for place in range(3):
        amount, at = Money(45_000 + 9_000 * place, "USD"), now - timedelta(minutes=20 * place)
        why = ("fourth card of this caller in an hour", "eight times the usual amount")
        card = ("visa", f"{chance.randrange(10_000):04}")
        account, call = AccountId(f"acct_{place}"), CallId("call_0001")
        reviews.append(
            Review(new_attempt_id(), at, account, call, amount, *card, 0.71 + place / 20, why, "trees-1", ())
        )
    await StoredReviews(api.work).add(reviews)
    await StoredEndpoints(api.work, clock).add("https://example.com/hooks", ["*"])
    await _links(api.work, clock)


async def _links(work: Work, clock: FixedClock) -> None:
    links = StoredLinks(work, Queue(), clock)
    for place in range(4):
        now = clock.now() - timedelta(hours=place)
        link = Link(
            id=LinkId(f"link_{place:04}"),
            account=AccountId(f"acct_{place}"),
            call=None,
            amount=Money(9_900 + place, "USD"),
            description="Bill of March",
            created_at=now,
            expires_at=now + timedelta(days=3),
        )
        await links.add(link, bytes([place]) * 32)
        if place % 2:
            await links.sent(link.id)
