"""What movements of money post."""

from itertools import chain

import pytest

from core.ids import AccountId
from core.money import Money
from payments.ledger import Posting, captured, disputed, fee, paid_out, refunded
from payments.notice import Stage

ME, YEN = AccountId("acct_1"), Money(500, "JPY")


def _sums(*postings: list[Posting]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for posting in chain.from_iterable(postings):
        sums[posting.account] = sums.get(posting.account, 0) + posting.amount.minor
    return {account: minor for account, minor in sums.items() if minor}


@pytest.mark.parametrize(
    "posted",
    [
        captured(ME, "sandbox", YEN),
        refunded(ME, "sandbox", YEN),
        *(disputed(stage, ME, "sandbox", YEN) for stage in Stage),
        fee("sandbox", YEN),
        paid_out("sandbox", YEN),
    ],
)
def test_every_movement_sums_to_zero(posted: list[Posting]) -> None:
    assert sum(posting.amount.minor for posting in posted) == 0


def test_a_capture_debits_the_gateway_and_a_refund_reverses_it() -> None:
    assert _sums(captured(ME, "sandbox", YEN)) == {"gateway:sandbox": 500, "account:acct_1": -500}
    assert _sums(captured(ME, "sandbox", YEN), refunded(ME, "sandbox", YEN)) == {}


def test_a_dispute_that_is_won_leaves_no_trace_and_a_lost_one_is_owed_again() -> None:
    taken, opened = captured(ME, "sandbox", YEN), disputed(Stage.OPENED, ME, "sandbox", YEN)
    assert _sums(taken, opened) == {"disputed:sandbox": 500, "account:acct_1": -500}
    assert _sums(opened, disputed(Stage.WON, ME, "sandbox", YEN)) == {}
    assert _sums(taken, opened, disputed(Stage.LOST, ME, "sandbox", YEN)) == {}


def test_what_is_paid_out_and_kept_is_owed_no_more() -> None:
    posted = (
        captured(ME, "sandbox", YEN),
        fee("sandbox", Money(15, "JPY")),
        paid_out("sandbox", Money(485, "JPY")),
    )
    assert _sums(*posted) == {"account:acct_1": -500, "fees:sandbox": 15, "bank": 485}
