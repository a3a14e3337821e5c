"""The ledger's own guards: balanced, append-only, posted once, balances that follow."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import exc, text

from core.ids import AccountId
from core.money import Money
from db.engine import Work
from db.ledger import drifts, owed, post
from payments.ledger import Posting

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_TEN, _MINUS_TEN = Money(1000, "USD"), Money(-1000, "USD")
_OWED = "account:acct_1"


async def _bill(work: Work, reference: str = "bill:1") -> None:
    async with work.begin() as tx:
        await post(tx, reference, [Posting(_OWED, _TEN), Posting("revenue", _MINUS_TEN)], NOON)


async def test_a_bill_is_owed_until_it_is_paid(work: Work) -> None:
    await _bill(work)
    async with work.begin() as tx:
        assert await owed(tx, AccountId("acct_1"), "USD") == _TEN
    async with work.begin() as tx:
        await post(tx, "payment:1", [Posting("gateway:sandbox", _TEN), Posting(_OWED, _MINUS_TEN)], NOON)
    async with work.begin() as tx:
        assert await owed(tx, AccountId("acct_1"), "USD") == Money(0, "USD")
    assert await drifts(work) == []


async def test_a_posting_that_does_not_sum_to_zero_is_not_committed(work: Work) -> None:
    with pytest.raises(exc.IntegrityError, match="does not sum to zero"):
        async with work.begin() as tx:
            await post(tx, "bill:1", [Posting(_OWED, _TEN), Posting("revenue", Money(-999, "USD"))], NOON)


async def test_currencies_are_balanced_each_for_itself(work: Work) -> None:
    with pytest.raises(exc.IntegrityError, match="does not sum to zero"):
        async with work.begin() as tx:
            await post(tx, "bill:1", [Posting(_OWED, _TEN), Posting("revenue", Money(-1000, "EUR"))], NOON)


async def test_a_line_added_later_is_refused_too(work: Work) -> None:
    await _bill(work)
    with pytest.raises(exc.IntegrityError, match="does not sum to zero"):
        async with work.begin() as tx:
            await tx.execute(
                text("INSERT INTO ledger_entries SELECT id, 3, 'revenue', 5, 'USD' FROM ledger_transactions")
            )


async def test_a_reference_is_posted_once(work: Work) -> None:
    await _bill(work)
    with pytest.raises(exc.IntegrityError, match="uq_ledger_transactions_reference"):
        await _bill(work)


@pytest.mark.parametrize("table", ["ledger_entries", "ledger_transactions", "audit"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_what_was_written_is_never_removed(work: Work, table: str, change: str) -> None:
    await _bill(work)
    with pytest.raises(exc.DBAPIError, match="append-only"):
        async with work.begin() as tx:
            await tx.execute(text(change.format(table)))


@pytest.mark.parametrize(
    "change", ["UPDATE ledger_entries SET amount_minor = 1", "UPDATE ledger_transactions SET reference = 'x'"]
)
async def test_what_was_written_is_never_changed(work: Work, change: str) -> None:
    await _bill(work)
    with pytest.raises(exc.DBAPIError, match="append-only"):
        async with work.begin() as tx:
            await tx.execute(text(change))


async def test_a_balance_is_not_set_by_hand(work: Work) -> None:
    await _bill(work)
    with pytest.raises(exc.DBAPIError, match="follows from ledger_entries"):
        async with work.begin() as tx:
            await tx.execute(text("UPDATE ledger_balances SET balance_minor = 0"))


async def test_a_balance_that_was_forged_is_found(work: Work) -> None:
    await _bill(work)
    async with work.begin() as tx:
        await tx.execute(text("SET LOCAL session_replication_role = replica"))
        await tx.execute(text("UPDATE ledger_balances SET balance_minor = 0"))
    (drift,) = await drifts(work)
    assert (drift.balance_minor, drift.sum_minor) == (0, 1000)
