"""Purchases and observations to route and to learn from."""

from datetime import UTC, datetime
from itertools import count

from core.ids import AccountId, AttemptId
from core.money import Money
from payments.purchase import Method, Operation, Purchase
from payments.routing.observed import Observation, Result

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
_NUMBERS = count()


def purchase(
    *, brand: str = "visa", region: str = "US", minor: int = 10_000, at: datetime = NOON
) -> Purchase:
    return Purchase(
        AttemptId(f"att_{next(_NUMBERS)}"),
        at,
        Money(minor, "USD"),
        Method.CARD,
        AccountId("acct_1"),
        brand=brand,
        region=region,
    )


def observed(
    gateway: str,
    result: Result,
    *,
    at: datetime = NOON,
    operation: Operation = Operation.PURCHASE,
    brand: str = "visa",
    took_s: float = 1.0,
) -> Observation:
    return Observation(at, gateway, operation, result, Money(10_000, "USD"), Method.CARD, brand, "US", took_s)
