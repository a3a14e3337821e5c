"""Reading vendors' settlement reports: CSV by its headings, with the line that is not understood."""

import csv
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import BinaryIO

from core.errors import BadInput
from payments.settlement_row import SettlementRow

Line = Mapping[str, str]


def read_csv(
    file: BinaryIO, needed: Collection[str], row: Callable[[Line, int], SettlementRow | None]
) -> Iterator[SettlementRow]:
    """The rows of a report with headings; `row` reads a line, and leaves out what settles nothing by None.

    Columns may stand in any order and others beside them. Raises BadInput with the line's number.
    """
    table = csv.DictReader(text_of(file))
    missing = [name for name in needed if name not in (table.fieldnames or ())]
    if missing:
        raise BadInput(f"line 1 must name the columns {', '.join(needed)}; missing: {', '.join(missing)}")
    for number, line in enumerate(table, start=2):
        made = understood(lambda line=line, number=number: row(line, number), number)  # type: ignore[misc]
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
