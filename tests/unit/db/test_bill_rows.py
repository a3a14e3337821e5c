"""Files of bills: read with care, and every mistake told with its line."""

from pathlib import Path

import pytest

from core.errors import BadInput
from core.money import Money
from db.bill_rows import BillRow, read_bills

HEADER = "account,callers,name,amount,currency,invoice"


def _file(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "bills.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_bill_is_read(tmp_path: Path) -> None:
    path = _file(tmp_path, '123456,"+1 202 555 0143; +12025550100",Ada Example,125.50,USD,INV-1')
    assert read_bills(path) == [
        BillRow(2, "123456", ("+12025550143", "+12025550100"), "Ada Example", Money(12550, "USD"), "INV-1")
    ]


def test_columns_may_stand_in_any_order_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "bills.csv"
    path.write_text("Invoice,Amount,Currency,Name,Callers,Account\nINV-1,5,JPY,,,7\n", encoding="utf-8-sig")
    assert read_bills(path) == [BillRow(2, "7", (), "", Money(5, "JPY"), "INV-1")]


def test_numbers_may_be_written_as_dialled_in_a_region(tmp_path: Path) -> None:
    (row,) = read_bills(_file(tmp_path, "1,(202) 555-0143,,1,USD,INV-1"), region="US")
    assert row.callers == ("+12025550143",)


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "12a,,,1.00,USD,INV-1",
        "1,5550143,,1.00,USD,INV-2",
        "2,+1202,,1.005,USD,INV-3",
        "3,,,0.00,XXQ,INV-4",
        "4,,,0.00,USD,",
        "5,,,1.00,USD,INV-5,more",
        "6,,,1.00",
        "7,,,1.00,USD,INV-6",
        "7,,,1.00,EUR,INV-6",
    )
    with pytest.raises(BadInput) as told:
        read_bills(path)
    assert str(told.value).splitlines() == [
        f"{path}, line 2: account '12a' is not a number of 1 to 20 digits, as callers key it in",
        f"{path}, line 3: '5550143' is not a telephone number: write it like +12025550143",
        f"{path}, line 4: '+1202' is too short or too long for a telephone number of its country",
        f"{path}, line 4: '1.005' is not an amount of USD with at most 2 decimal places",
        f"{path}, line 5: 'XXQ' is not an ISO 4217 currency code such as USD",
        f"{path}, line 6: the invoice's reference must have 1 to 200 characters",
        f"{path}, line 6: the amount is zero",
        f"{path}, line 7: a line has 6 fields, like the first",
        f"{path}, line 8: a line has 6 fields, like the first",
        f"{path}, line 10: invoice INV-6 stands in line 9 already",
        f"{path}, line 10: account 7 has USD in line 9",
        "nothing was imported: mend the file and import it again",
    ]


def test_a_flood_of_mistakes_is_cut_short(tmp_path: Path) -> None:
    path = _file(tmp_path, *(f"x,,,1.00,USD,INV-{number}" for number in range(60)))
    with pytest.raises(BadInput, match="and 10 more mistakes"):
        read_bills(path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="line 1: no column callers, invoice;"):
        read_bills(_file(tmp_path, header="account,name,amount,currency"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.csv cannot be read: No such file"):
        read_bills(tmp_path / "none.csv")


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bills.csv"
    path.write_bytes(HEADER.encode() + b"\n1,,Andr\xe9,1.00,USD,INV-1\n")
    with pytest.raises(BadInput, match="not UTF-8"):
        read_bills(path)


def test_a_quote_that_never_ends_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not CSV"):
        read_bills(_file(tmp_path, '1,,"Ada,1.00,USD,INV-1'))


def test_the_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    seen: list[float] = []
    read_bills(_file(tmp_path, "1,,,1.00,USD,INV-1"), progress=lambda _doing, done: seen.append(done))
    assert seen[-1] == 1.0
