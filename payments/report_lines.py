"""Reading vendors' settlement reports: CSV by its headings, with the line that is not understood."""

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import BinaryIO, Final

from core.errors import BadInput
from core.money import Money
from payments.settlement_row import RowKind, SettlementRow

Line = Mapping[str, str]

PAYOUTS_FROM: Final = 1_000_000
"""Payouts that are no line of their own stand beyond all lines."""


def read_csv(
    file: BinaryIO,
    needed: Collection[str],
    row: Callable[[Line, int], SettlementRow | None],
    *,
    headings: int = 1,
) -> Iterator[SettlementRow]:
    """The rows of a report with headings; `row` reads a line, and leaves out what settles nothing by None.

    The file begins with its headings; `headings` is the number of that line, where others stood above it.
    Columns may stand in any order and others beside them; `Transaction ID` is read as `transaction_id`.
    Raises BadInput with the line's number.
    """
    table = csv.DictReader(text_of(file))
    table.fieldnames = [name.strip().lower().replace(" ", "_") for name in table.fieldnames or ()]
    missing = [name for name in needed if name not in table.fieldnames]
    if missing:
        raise BadInput(
            f"line {headings} must name the columns {', '.join(needed)}; missing: {', '.join(missing)}"
        )
    for number, line in enumerate(table, start=headings + 1):
        made = understood(partial(row, line, number), number)
        if made is not None:
            yield made


def understood(read: Callable[[], SettlementRow | None], number: int) -> SettlementRow | None:
    """What `read` makes of a line. Raises BadInput that names the line when it makes nothing of it."""
    try:
        return read()
    except (ValueError, KeyError, TypeError, BadInput) as error:
        raise BadInput(f"line {number} is not understood: {error}") from error


def text_of(file: BinaryIO) -> Iterator[str]:
    """The lines of a file in UTF-8, with or without a mark at its beginning. Raises BadInput."""
    for number, content in enumerate(file, start=1):
        try:
            yield content.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise BadInput(f"line {number} is not UTF-8 text") from None


def with_payouts(rows: Iterable[SettlementRow]) -> Iterator[SettlementRow]:
    """The rows, then what each batch paid out, where a report names no payouts: all that it settled.

    A payout's line is beyond all others, and the same however often a batch is read.
    """
    paid: dict[str, dict[str, tuple[int, datetime]]] = {}
    for row in rows:
        yield row
        of_batch = paid.setdefault(row.batch, {})
        total, _ = of_batch.get(row.gross.currency, (0, row.at))
        of_batch[row.gross.currency] = total + row.gross.minor - row.fee.minor, row.at
    for batch, currencies in paid.items():
        for number, (currency, (total, at)) in enumerate(sorted(currencies.items()), start=PAYOUTS_FROM):
            gross, nothing = Money(-total, currency), Money(0, currency)
            yield SettlementRow(RowKind.PAYOUT, batch, gross, nothing, at, batch, number)
