"""Bills imported: all or nothing, once, and found by callers afterwards."""

from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select

from core.clock import FixedClock
from core.errors import BadInput
from core.money import Money
from db.accounts import StoredAccounts
from db.audit import Intact, verify
from db.bill_rows import read_bills
from db.bills import Imported, import_bills
from db.engine import Work
from db.ledger import drifts
from db.tables import bills

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

HEADER: Final = "account,callers,name,amount,currency,invoice"


class Import:
    """Imports lines as if they stood in a file."""

    def __init__(self, work: Work, clock: FixedClock, folder: Path) -> None:
        self._work = work
        self._clock = clock
        self.path = folder / "bills.csv"
        self.progress: list[tuple[str, float]] = []

    async def __call__(self, *lines: str) -> Imported:
        self.path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        rows = read_bills(self.path)
        return await import_bills(self._work, rows, self.path, self._clock, self._show)

    def _show(self, doing: str, done: float) -> None:
        self.progress.append((doing, done))


@pytest.fixture
def bring(work: Work, clock: FixedClock, tmp_path: Path) -> Import:
    return Import(work, clock, tmp_path)


@pytest.fixture
def accounts(work: Work) -> StoredAccounts:
    return StoredAccounts(work)


async def test_an_imported_bill_is_found_by_number_and_by_caller(
    bring: Import, accounts: StoredAccounts
) -> None:
    assert await bring("123456,+12025550143,Ada Example,125.50,USD,INV-1") == Imported(new=1, known=0)
    found = await accounts.by_number("123456")
    assert found is not None
    assert found.due == Money(12550, "USD")
    assert await accounts.by_caller("+12025550143") == found
    assert await accounts.by_number("999") is None
    assert await accounts.by_caller("+12025550199") is None


async def test_a_telephone_of_two_accounts_tells_neither(bring: Import, accounts: StoredAccounts) -> None:
    await bring("1,+12025550143,,1.00,USD,INV-1", "2,+12025550143,,1.00,USD,INV-2")
    assert await accounts.by_caller("+12025550143") is None


async def test_bills_of_one_account_add_up(bring: Import, accounts: StoredAccounts) -> None:
    await bring("1,+12025550143,Ada,1.00,USD,INV-1", "1,+12025550100,Ada,2.00,USD,INV-2")
    await bring("1,,Ada,3.00,USD,INV-3")
    found = await accounts.by_number("1")
    assert found is not None
    assert found.due == Money(600, "USD")
    assert await accounts.by_caller("+12025550100") == found


async def test_a_file_may_be_imported_again(bring: Import, accounts: StoredAccounts) -> None:
    lines = ["1,,,1.00,USD,INV-1", "2,,,2.00,USD,INV-2"]
    await bring(*lines)
    assert await bring(*lines, "3,,,3.00,USD,INV-3") == Imported(new=1, known=2)
    assert [str(bill.balance) for bill in await accounts.all()] == ["1.00 USD", "2.00 USD", "3.00 USD"]


async def test_an_invoice_that_changed_is_refused_and_nothing_is_imported(bring: Import, work: Work) -> None:
    await bring("1,,,1.00,USD,INV-1", "2,,,2.00,EUR,INV-2")
    with pytest.raises(BadInput) as told:
        await bring("9,,,9.00,USD,INV-9", "1,,,1.50,USD,INV-1", "2,,,1.00,USD,INV-3")
    assert str(told.value).splitlines() == [
        f"{bring.path}, line 3: invoice INV-1 was imported before, with another account or amount",
        f"{bring.path}, line 4: account 2 is kept in EUR, not in USD",
        "nothing was imported: mend the file and import it again",
    ]
    async with work.begin() as tx:
        assert await tx.scalar(select(func.count()).select_from(bills)) == 2


async def test_an_import_is_in_the_audit_trail_and_the_ledger_is_balanced(bring: Import, work: Work) -> None:
    await bring("1,,,1.00,USD,INV-1")
    assert isinstance(found := await verify(work), Intact)
    assert found.rows == 1
    assert await drifts(work) == []


async def test_a_hundred_thousand_bills_are_imported_with_their_progress_shown(
    bring: Import, accounts: StoredAccounts, work: Work
) -> None:
    lines = (
        f"{n:06d},+1202555{n % 10000:04d},Customer {n},{n % 900 + 1}.25,USD,INV-{n}" for n in range(100_000)
    )
    assert await bring(*lines) == Imported(new=100_000, known=0)
    assert {doing for doing, _ in bring.progress} == {"copying", "writing"}
    assert len(bring.progress) > 50
    assert [bill.name for bill in await accounts.all(limit=1, after="099998")] == ["Customer 99999"]
    assert await drifts(work) == []
