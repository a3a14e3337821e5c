"""Many rows in one statement: they go as one JSON array, so that the statement stays the same."""

from collections.abc import Mapping, Sequence

from pydantic_core import to_json
from sqlalchemy import TextClause, text

Row = Mapping[str, object]


def insert_many(table: str, columns: Mapping[str, str], more: str = "", *, rows: str = "rows") -> TextClause:
    """An INSERT of the rows in `:rows`; `columns` with their types, `more` such as ON CONFLICT."""
    names = ", ".join(f'"{name}"' for name in columns)
    typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    given = f"jsonb_to_recordset(CAST(:{rows} AS jsonb)) AS r ({typed})"
    return text(f"INSERT INTO {table} ({names}) SELECT {names} FROM {given} {more}")  # noqa: S608 - our own names


def as_json(rows: Sequence[Row], name: str = "rows") -> dict[str, str]:
    """The parameter of such a statement."""
    return {name: to_json(rows).decode()}
