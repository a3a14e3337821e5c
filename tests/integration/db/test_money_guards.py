"""What the database refuses, whoever writes: more back than was taken, states that jump."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import exc, text

from core.clock import FixedClock
from core.ids import new_attempt_id, new_refund_id
from core.money import Money
from db.engine import Work
from db.stores import stored
from payments.attempt import Attempt
from payments.notice import DisputeNews, Stage
from payments.purchase import Method, Purchase
from payments.refunds import Refund, RefundAsked
from payments.risk import Decision, Verdict
from payments.route import Route
from payments.session import State
from payments.store import Move, Payment

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
NewPayment = Callable[..., Payment]


async def _written(work: Work, clock: FixedClock, new_payment: NewPayment) -> None:
    """A payment of 1000 that was captured, with 300 on their way back and a dispute that was won."""
    stores, payment = stored(work, clock), new_payment(minor=1000)
    purchase = Purchase(new_attempt_id(), clock.now(), payment.amount, Method.CARD, payment.account)
    attempt = Attempt(purchase, "key-1", "digest", Verdict(Decision.ALLOW), Route(()))
    await stores.payments.open(replace(payment, attempt=attempt.id), attempt)
    await stores.payments.move(payment.id, Move(State.CAPTURED, "ch_1"))
    for stage in (Stage.OPENED, Stage.WON):
        await stores.disputes.note(payment.id, DisputeNews("ch_1", "dp_1", stage, payment.amount))
    asked = RefundAsked(new_refund_id(), payment.id, Money(300, "USD"), "r1", clock.now())
    assert isinstance(await stores.refunds.reserve(asked), Refund)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE payments SET returned_minor = 0", "follows from refunds"),
        ("UPDATE payments SET captured_minor = 900", "keeps what was captured"),
        ("UPDATE payments SET state = 'voided'", "may not go from captured"),
        ("UPDATE payments SET attempt = NULL", "keeps its amount"),
        ("UPDATE refunds SET amount_minor = 1", "keeps its payment, amount and key"),
        ("DELETE FROM refunds", "append-only"),
        ("UPDATE attempts SET risk = '{}'", "append-only"),
        ("DELETE FROM attempts", "append-only"),
        ("UPDATE disputes SET stage = 'lost'", "is over: it was won"),
        ("UPDATE disputes SET amount_minor = 1", "keeps its payment and amount"),
        ("DELETE FROM disputes", "append-only"),
    ],
)
async def test_the_database_refuses(
    work: Work, clock: FixedClock, new_payment: NewPayment, change: str, why: str
) -> None:
    await _written(work, clock, new_payment)
    with pytest.raises(exc.DBAPIError, match=why):
        async with work.begin() as tx:
            await tx.execute(text(change))


_REFUND = """
INSERT INTO refunds (id, payment, amount_minor, currency, state, key, created_at, touched_at)
SELECT 'ref_x', id, {minor}, '{currency}', '{state}', 'key-x', now(), now() FROM payments
"""


@pytest.mark.parametrize(
    ("refund", "why"),
    [
        ({"minor": 701, "currency": "USD", "state": "pending"}, "no_more_is_returned"),
        ({"minor": 1, "currency": "EUR", "state": "pending"}, "in another currency"),
        ({"minor": 1, "currency": "USD", "state": "done"}, "begins as pending"),
    ],
)
async def test_a_refund_written_by_hand_is_held_to_the_same(
    work: Work, clock: FixedClock, new_payment: NewPayment, refund: dict[str, object], why: str
) -> None:
    await _written(work, clock, new_payment)
    with pytest.raises(exc.IntegrityError, match=why):
        async with work.begin() as tx:
            await tx.execute(text(_REFUND.format(**refund)))


@pytest.mark.parametrize("state", ["done", "failed"])
async def test_a_refund_that_is_over_stays_so(
    work: Work, clock: FixedClock, new_payment: NewPayment, state: str
) -> None:
    await _written(work, clock, new_payment)
    async with work.begin() as tx:
        await tx.execute(text(f"UPDATE refunds SET state = '{state}'"))
    with pytest.raises(exc.IntegrityError, match=f"may not go from {state}"):
        async with work.begin() as tx:
            await tx.execute(text("UPDATE refunds SET state = 'unknown'"))
