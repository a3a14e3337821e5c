"""What the tests of the database room stand on."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import pytest

from core.clock import FixedClock
from core.ids import AccountId, CallId, new_payment_id
from core.money import Money
from node.parts.postgres import Postgres
from payments.session import State
from payments.store import Payment

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_NUMBERS = count(1)

NewPayment = Callable[..., Payment]


@pytest.fixture
async def empty(postgres: Postgres) -> str:
    return await postgres.create(f"empty_{next(_NUMBERS)}")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def new_payment() -> NewPayment:
    def make(
        account: str = "acct_1", minor: int = 12550, key: str = "", call: str | None = "call_1"
    ) -> Payment:
        payment = new_payment_id()
        return Payment(
            id=payment,
            call=CallId(call) if call else None,
            account=AccountId(account),
            amount=Money(minor, "USD"),
            state=State.PENDING,
            gateway="sandbox",
            key=key or f"key-{payment}",
            brand="visa",
            last4="4242",
            receipt=payment[-8:],
            created_at=NOON,
        )

    return make
