"""The reference page of the tables, written from the tables themselves."""

from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from db.schema import metadata

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
_HEAD = """# Tables

What stands in the database, for reports and backups; read it freely, write through `tellerline` only.
Amounts are integer minor units (cents), times are UTC. The tables `procrastinate_*` belong to the job
engine. This page is written from the code by `python -m db.reference`.
"""


def page() -> str:
    """The page, in Markdown."""
    return _HEAD + "".join(
        _section(table) for table in sorted(metadata.tables.values(), key=lambda one: one.name)
    )


def _section(table: Table) -> str:
    rows = "".join(_row(column) for column in table.columns)
    return f"\n## {table.name}\n\n{table.comment}\n\n| column | type | what |\n|---|---|---|\n{rows}"


def _row(column: Column[object]) -> str:
    kind = column.type.compile(dialect=_DIALECT).lower().replace("timestamp with time zone", "timestamptz")
    marks = [
        "key" if column.primary_key else "",
        "".join(f"of `{key.column.table.name}`" for key in column.foreign_keys),
        "may be null" if column.nullable else "",
        column.comment or "",
    ]
    return f"| `{column.name}` | {kind} | {'; '.join(filter(None, marks))} |\n"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page goes to standard output
