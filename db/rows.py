"""Many rows in one statement: they go as one JSON array, so that the statement stays the same."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

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
    return {name: _encode(rows)}


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} has no place in a row")


_encode = json.JSONEncoder(default=_written, separators=(",", ":")).encode
