"""Settlement reports: three sides are matched, fees and payouts posted once, differences told."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import anyio.to_thread
import pytest
from click.testing import CliRunner

from core.clock import SystemClock
from core.errors import BadInput
from core.money import Money
from db.engine import Work
from db.settlements import StoredSettlements
from node.commands.settlement import settlement
from payments.gateways.sandbox import report
from payments.settlement import Difference, Imported
from payments.taken import Paid
from tests.integration.payments.branch import DUE, Branch, owed

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

SOON = datetime.now(UTC) + timedelta(days=1)
FEE = DUE.minor * 3 // 100


async def sold(one: Branch, times: int) -> None:
    for number in range(times):
        assert isinstance(await one.desk.take(one.order(f"acct_{number}")), Paid)


async def bring_in(one: Branch, file: bytes) -> Imported:
    rows = list(one.gateway.settlement_rows(BytesIO(file)))
    return await StoredSettlements(one.work, SystemClock()).bring_in("sandbox", rows)


def told(imported: Imported) -> list[Difference]:
    return [finding.difference for finding in imported.findings]


async def test_a_report_that_agrees_leaves_the_gateway_owing_nothing(one: Branch) -> None:
    await sold(one, 3)
    first = one.gateway.books.charged[0]
    await one.desk.refund(first.payment, Money(550, "USD"), key="r1")
    file = report.written(one.gateway.books, "batch_1", SOON)
    imported = await bring_in(one, file)
    assert (imported.new, imported.known, imported.matched, told(imported)) == (5, 0, 4, [])
    assert await owed(one.work, "sandbox") == 0
    again = await bring_in(one, file)
    assert (again.new, again.known, told(again)) == (0, 5, [])
    assert await owed(one.work, "sandbox") == 0


async def test_each_difference_is_told_with_all_three_amounts(one: Branch) -> None:
    await sold(one, 3)
    await one.desk.take(one.order("acct_9", b"4000000000009995"))
    lines = report.written(one.gateway.books, "batch_1", SOON).decode().splitlines()
    (refused,) = [entry for entry in one.gateway.books.entries.values() if not entry.taken_minor]
    other_amount = lines[1].replace(",12550,", ",12549,")
    twice = lines[2]
    not_ours = lines[3].replace(one.gateway.books.charged[2].ref, "ch_stranger").replace("pay_", "pay_x")
    other_state = lines[3].replace(one.gateway.books.charged[2].ref, refused.ref)
    file = "\n".join([lines[0], other_amount, twice, twice, not_ours, other_state]).encode()
    later = file.replace(SOON.isoformat().encode(), (SOON + timedelta(days=9)).isoformat().encode())
    findings = {finding.difference: finding for finding in (await bring_in(one, later)).findings}
    assert set(findings) == set(Difference)
    amounts = findings[Difference.OTHER_AMOUNT]
    assert (amounts.ours, amounts.ledger, amounts.theirs) == (DUE, DUE, Money(12_549, "USD"))
    assert findings[Difference.OTHER_STATE].why == "the payment is declined here"
    assert findings[Difference.NOT_SETTLED].ref == one.gateway.books.charged[2].ref


async def test_a_row_that_was_changed_since_is_refused_and_nothing_is_written(one: Branch) -> None:
    await sold(one, 1)
    file = report.written(one.gateway.books, "batch_1", SOON)
    await bring_in(one, file)
    with pytest.raises(BadInput, match="line 2 of settlement batch_1 differs"):
        await bring_in(one, file.replace(b",12550,", b",12551,"))
    assert await owed(one.work, "sandbox") == 0


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "line 1 must name the columns"),
        (b"kind,ref\n", "line 1 must name the columns"),
        (
            b",".join(name.encode() for name in report.COLUMNS) + b"\ncharge,x,x,,12.5,0,USD,2026-01-01,b\n",
            "line 2",
        ),
        (
            b",".join(name.encode() for name in report.COLUMNS) + b"\ngift,x,x,,125,0,USD,2026-01-01,b\n",
            "line 2",
        ),
        (
            b",".join(name.encode() for name in report.COLUMNS) + b"\ncharge,x,x,,125,0,XXQ,2026-01-01,b\n",
            "XXQ",
        ),
    ],
)
async def test_a_report_that_is_not_understood_is_refused(one: Branch, file: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        await bring_in(one, file)


async def test_the_command_imports_a_report_and_ends_with_1_when_there_are_differences(
    one: Branch, work: Work, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sold(one, 1)
    monkeypatch.setenv("TELLERLINE_DATABASE_URL", url)
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(report.written(one.gateway.books, "batch_1", SOON))
    bad.write_bytes(report.written(one.gateway.books, "batch_2", SOON).replace(b"bogus_", b"other_"))
    for file, code, words in ((good, 0, "2 new lines"), (good, 0, "2 were known"), (bad, 1, "other_")):
        ran = await anyio.to_thread.run_sync(
            CliRunner().invoke, settlement, ["import", str(file), "--gateway", "sandbox"]
        )
        assert ran.exit_code == code, ran.output
        assert words in ran.output
    unknown = ["import", str(good), "--gateway", "nobody"]
    ran = await anyio.to_thread.run_sync(CliRunner().invoke, settlement, unknown)
    assert "there is no gateway 'nobody'" in str(ran.exception)
