"""What moves post."""

from datetime import UTC, datetime

import pytest

from core.errors import BadInput
from core.ids import AccountId, PaymentId
from core.money import Money
from payments.ledger import postings
from payments.session import State, may_move
from payments.store import Move, Payment


def payment(state: State) -> Payment:
    return Payment(
        id=PaymentId("pay_1"),
        call=None,
        account=AccountId("acct_1"),
        amount=Money(500, "JPY"),
        state=state,
        gateway="sandbox",
        key="pay_1_1",
        brand="visa",
        last4="4242",
        receipt="00000001",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("old", State)
@pytest.mark.parametrize("new", State)
def test_every_allowed_move_posts_a_sum_of_zero(old: State, new: State) -> None:
    if may_move(old, new):
        posted = postings(payment(old), Move(new, amount=Money(200, "JPY")))
        assert sum(posting.amount.minor for posting in posted) == 0


def test_a_capture_debits_the_gateway_and_a_refund_reverses_it() -> None:
    taken = postings(payment(State.PENDING), Move(State.CAPTURED))
    given = postings(payment(State.CAPTURED), Move(State.REFUNDED))
    assert [(posting.account, posting.amount.minor) for posting in taken + given] == [
        ("gateway:sandbox", 500),
        ("account:acct_1", -500),
        ("account:acct_1", 500),
        ("gateway:sandbox", -500),
    ]


def test_a_dispute_that_is_won_posts_nothing_again() -> None:
    assert postings(payment(State.DISPUTED), Move(State.CAPTURED)) == []


def test_a_part_of_a_refund_needs_its_amount() -> None:
    with pytest.raises(BadInput):
        postings(payment(State.CAPTURED), Move(State.PARTIALLY_REFUNDED))
