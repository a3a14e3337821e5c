"""The master key is rotated while payments run: nothing fails, and every customer is read after it."""

from pathlib import Path

import anyio
import pytest

from core.clock import SystemClock
from core.money import Money
from db.accounts import StoredAccounts
from db.bill_rows import BillRow
from db.bills import import_bills
from db.engine import Work
from db.keys_file import MasterFile
from db.people import People
from db.rewrap import masters_in_use, rewrap
from payments.taken import Order, Paid
from tests.integration.payments.branch import DUE, Branch, keyed_in

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_CUSTOMERS = 60


def _bill(number: int) -> BillRow:
    return BillRow(
        number + 2,
        f"{10_000_000 + number}",
        (f"+1555010{number:04d}",),
        f"Robin {number}",
        DUE,
        f"INV-{number}",
    )


async def test_payments_go_on_while_the_master_key_is_rotated(
    one: Branch, work: Work, tmp_path: Path
) -> None:
    clock, master = SystemClock(), MasterFile.made_at(tmp_path / "master.key")
    bills = [_bill(number) for number in range(_CUSTOMERS)]
    people = People(master, clock)
    await import_bills(work, bills, Path("b.csv"), clock, lambda _what, _part: None, people=people)
    line = StoredAccounts(work, People(MasterFile.made_at(tmp_path / "master.key"), clock))
    before, paid = master.current, list[Paid]()

    async def pay(bill: BillRow) -> None:
        account = await line.by_number(bill.account)
        assert account is not None
        assert account.due == DUE
        taken = await one.desk.take(Order(account.due, one.vault.seal(keyed_in()), account.id))
        assert isinstance(taken, Paid)
        paid.append(taken)

    async with anyio.create_task_group() as group:
        for bill in bills[: _CUSTOMERS // 2]:
            group.start_soon(pay, bill)
        master.renew()
        await rewrap(work, master, clock, lambda _what, _part: None)
        for bill in bills[_CUSTOMERS // 2 :]:
            group.start_soon(pay, bill)
    assert len(paid) == _CUSTOMERS
    assert await one.agree() == _CUSTOMERS * DUE.minor
    assert before not in await masters_in_use(work)
    accounts = await StoredAccounts(work, People(master, clock)).all(limit=_CUSTOMERS)
    assert {one.name for one in accounts} == {f"Robin {number}" for number in range(_CUSTOMERS)}
    assert {one.balance for one in accounts} == {Money(0, "USD")}
