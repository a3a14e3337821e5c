"""What a call left in the database, compared with what a rehearsal expects."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from rehearsal.script import RowsExpected

Row = Mapping[str, str]


class Rows(Protocol):
    """Reads rows, never writes. Raises BadInput for an unknown table or column, StoreLost for no answer."""

    async def find(self, table: str, where: Mapping[str, str], columns: Sequence[str]) -> list[Row]:
        """The rows whose columns have these values, all as text: at most 100, the given columns only."""
        ...


async def difference(rows: Rows, expected: RowsExpected) -> str:
    """How the database differs from what is expected, in words; empty when it does not."""
    found = await rows.find(expected.table, expected.where, sorted(expected.columns))
    if len(found) != expected.count:
        where = _told(expected.where)
        return f"{expected.table}: {len(found)} row(s) where {where}, not {expected.count}"
    wrong = [
        f"{expected.table}.{column} is {row[column]!r}, not {value!r}"
        for row in found
        for column, value in expected.columns.items()
        if row[column] != value
    ]
    return "; ".join(dict.fromkeys(wrong))


def filled(expected: RowsExpected, names: Mapping[str, str]) -> RowsExpected:
    """With `$call` and the like replaced by their values."""

    def fill(values: Mapping[str, str]) -> dict[str, str]:
        return {
            column: names.get(value[1:], value) if value[:1] == "$" else value
            for column, value in values.items()
        }

    return RowsExpected(
        expected.line, expected.table, fill(expected.where), fill(expected.columns), expected.count
    )


def _told(where: Mapping[str, str]) -> str:
    return ", ".join(f"{column} = {value}" for column, value in where.items()) or "(any)"
