"""Made-up transactions of a telephone line: customers who pay bills, and five kinds of fraud among them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import exp, log
from random import Random
from typing import Final

from core.ids import AccountId, AttemptId
from core.money import Money
from payments.fraud.transactions import Transaction
from payments.purchase import Method, Purchase

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
FRAUD_SHARE: Final = 0.02
_DAYS_BETWEEN: Final = 12.0  # of a customer's payments, on average
_BRANDS: Final = ("visa",) * 5 + ("mastercard",) * 3 + ("amex",) * 2
_ABROAD: Final = ("CA", "GB", "MX", "DE", "BR")
_BUSY_HOURS: Final = (8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 16, 17, 17, 18, 19, 20, 21, 22)


@dataclass(frozen=True, slots=True)
class _Customer:
    account: str
    cards: tuple[tuple[str, str], ...]  # fingerprint, brand
    callers: tuple[str, ...]
    address: str
    region: str
    typical: float  # of the logarithm of the amount in major units


@dataclass(frozen=True, slots=True)
class _Sale:
    at: datetime
    size: float  # the logarithm of the amount in major units
    card: tuple[str, str]
    caller: str
    who: _Customer


_Story = Callable[[Random, list[_Customer], datetime], Iterator[Transaction]]


def generate(many: int, seed: int = 1) -> list[Transaction]:
    """So many transactions in the order of time; the same for the same seed.

    Two in a hundred are fraud: cards tried out in series, stolen cards cashed in on strangers' bills, taken
    accounts, one bill with many cards, and single ones that look almost like anybody's. Honest people make
    it hard: they try again after a refusal, pay for their parents, and call from the office.
    """
    chance = Random(f"transactions {seed}")  # noqa: S311 - nothing secret is drawn
    good = round(many * (1 - FRAUD_SHARE))
    customers = [_customer(chance, number) for number in range(max(good // 15, 20))]
    days = good * _DAYS_BETWEEN / len(customers)
    honest, crooked = (
        _enough(chance, customers, days, good, _HONEST),
        _enough(chance, customers, days, many - good, _CROOKED),
    )
    both = sorted(honest + crooked, key=lambda one: one.purchase.at)
    return [
        replace(one, purchase=replace(one.purchase, attempt=AttemptId(f"att_{number}")))
        for number, one in enumerate(both)
    ]


def _enough(
    chance: Random, customers: list[_Customer], days: float, many: int, kinds: Sequence[_Story]
) -> list[Transaction]:
    found: list[Transaction] = []
    while len(found) < many:
        found += chance.choice(kinds)(chance, customers, START + timedelta(days=chance.uniform(0, days)))
    return found[:many]


def _customer(chance: Random, number: int) -> _Customer:
    cards = tuple(_card(chance, "c") for one in range(1 if chance.random() < 0.7 else 2))
    callers = tuple(f"+1555{chance.randrange(10**7):07d}" for _ in range(1 if chance.random() < 0.6 else 2))
    region = "US" if chance.random() < 0.96 else chance.choice(_ABROAD)
    address = f"{chance.randrange(1, 999)} Example Street {number}"
    return _Customer(f"acct_{number}", cards, callers, address, region, chance.gauss(4.3, 0.6))


def _card(chance: Random, name: str) -> tuple[str, str]:
    return f"{name}.{chance.getrandbits(64):016x}", chance.choice(_BRANDS)


def _bill(chance: Random, customers: list[_Customer], at: datetime) -> Iterator[Transaction]:
    """Somebody pays a bill."""
    yield _honest(chance, chance.choice(customers), _by_day(chance, at))


def _again(chance: Random, customers: list[_Customer], at: datetime) -> Iterator[Transaction]:
    """Somebody is refused, and tries the card again, or another one."""
    who, at = chance.choice(customers), _by_day(chance, at)
    for one in range(chance.randrange(2, 5)):
        at += timedelta(seconds=chance.uniform(60, 400))
        card = chance.choice(who.cards) if one < 2 else _card(chance, "spare")
        yield _honest(chance, who, at, card=card, declined=0.7)


def _for_parents(chance: Random, customers: list[_Customer], at: datetime) -> Iterator[Transaction]:
    """Somebody pays several people's bills with one card."""
    payer, at = chance.choice(customers), _by_day(chance, at)
    for _ in range(chance.randrange(2, 5)):
        at += timedelta(minutes=chance.uniform(3, 60))
        caller = chance.choice(payer.callers)
        yield _honest(chance, chance.choice(customers), at, card=payer.cards[0], caller=caller)


def _office(chance: Random, customers: list[_Customer], at: datetime) -> Iterator[Transaction]:
    """Colleagues call from one number, each with a card of their own."""
    caller, at = f"+1555{chance.randrange(10**7):07d}", _by_day(chance, at)
    for _ in range(chance.randrange(2, 7)):
        at += timedelta(minutes=chance.uniform(5, 90))
        yield _honest(chance, chance.choice(customers), at, caller=caller)


_HONEST: Final = (_bill,) * 46 + (_again, _again, _for_parents, _office)


def _by_day(chance: Random, at: datetime) -> datetime:
    hour = chance.choice(_BUSY_HOURS) if chance.random() < 0.94 else chance.randrange(24)
    return at.replace(hour=hour)


def _honest(
    chance: Random,
    who: _Customer,
    at: datetime,
    *,
    card: tuple[str, str] | None = None,
    caller: str | None = None,
    declined: float = 0.05,
) -> Transaction:
    if card is None:  # now and then a customer's new one
        card = chance.choice(who.cards) if chance.random() < 0.96 else _card(chance, "new")
    if caller is None:
        caller = "" if chance.random() < 0.06 else chance.choice(who.callers)
        if chance.random() < 0.08:
            caller = f"+1555{chance.randrange(10**7):07d}"  # from somebody else's telephone
    sale = _Sale(at, chance.gauss(who.typical, 0.45), card, caller, who)
    return _transaction(chance, sale, declined, fraud=False)


def _series(chance: Random, customers: list[_Customer], at: datetime) -> Iterator[Transaction]:
    """Cards tried out: small amounts, one card after the other, minutes apart, most of them declined."""
    caller = _hidden(chance)
    for _ in range(chance.randrange(4, 12)):
        at += timedelta(seconds=chance.uniform(40, 300))
        card = _card(chance, "s")
        yield _transaction(
            chance, _Sale(at, chance.gauss(2.0, 0.7), card, caller, chance.choice(customers)), 0.6, fraud=True
        )


def _cash_in(chance: Random, customers: list[_Customer], at: datetime) -> Iterator[Transaction]:
    """One stolen card on several strangers' bills, within hours, large amounts."""
    card, caller = _card(chance, "k"), _hidden(chance)
    for _ in range(chance.randrange(2, 6)):
        at += timedelta(minutes=chance.uniform(10, 240))
        yield _transaction(
            chance,
            _Sale(at, chance.gauss(5.4, 0.5), card, caller, chance.choice(customers)),
            0.35,
            fraud=True,
        )


def _taken_over(chance: Random, customers: list[_Customer], at: datetime) -> Iterator[Transaction]:
    """A customer's own card, from another telephone, at night, for more than ever."""
    who = chance.choice(customers)
    at = at.replace(hour=chance.choice((0, 1, 2, 3, 4, 23)))
    yield _transaction(
        chance,
        _Sale(at, who.typical + chance.gauss(1.1, 0.4), who.cards[0], _hidden(chance), who),
        0.2,
        fraud=True,
    )


def _many_cards(chance: Random, customers: list[_Customer], at: datetime) -> Iterator[Transaction]:
    """One bill paid in parts with several strangers' cards."""
    who, caller = chance.choice(customers), _hidden(chance)
    for _ in range(chance.randrange(2, 5)):
        at += timedelta(minutes=chance.uniform(3, 60))
        card = _card(chance, "m")
        yield _transaction(chance, _Sale(at, chance.gauss(4.8, 0.5), card, caller, who), 0.3, fraud=True)


def _quiet(chance: Random, customers: list[_Customer], at: datetime) -> Iterator[Transaction]:
    """A single one that looks almost like anybody's: a model can hardly tell."""
    who = chance.choice(customers)
    at = at.replace(hour=chance.choice(_BUSY_HOURS))
    caller = chance.choice(who.callers) if chance.random() < 0.5 else _hidden(chance)
    sale = _Sale(at, chance.gauss(who.typical + 0.4, 0.5), _card(chance, "q"), caller, who)
    yield _transaction(chance, sale, 0.15, fraud=True)


_CROOKED: Final = (_series, _cash_in, _taken_over, _taken_over, _many_cards, *(_quiet,) * 3)


def _hidden(chance: Random) -> str:
    return "" if chance.random() < 0.4 else f"+1555{chance.randrange(10**7):07d}"


def _transaction(chance: Random, sale: _Sale, declined: float, *, fraud: bool) -> Transaction:
    size = min(max(sale.size, log(1.0)), log(5000.0))
    region = chance.choice(_ABROAD) if fraud and chance.random() < 0.3 else sale.who.region
    address = sale.who.address if chance.random() < 0.4 else ""
    purchase = Purchase(
        AttemptId(""),
        sale.at,
        Money(round(100 * exp(size)), "USD"),
        Method.CARD,
        AccountId(sale.who.account),
        caller=sale.caller,
        brand=sale.card[1],
        fingerprint=sale.card[0],
        region=region,
        address=address,
    )
    return Transaction(purchase, chance.random() < declined, fraud)
