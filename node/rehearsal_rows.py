"""Rows for rehearsals, read from the line's PostgreSQL and never written."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import Text, cast, column, select, table
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from core.errors import BadInput, StoreLost
from core.near import did_you_mean
from rehearsal.rows import Row

TABLES = frozenset(
    {
        "accounts",
        "audit",
        "bills",
        "calls",
        "facts",
        "ledger_balances",
        "ledger_entries",
        "ledger_transactions",
        "payments",
    }
)
"""The tables that a rehearsal may look at."""

MOST_ROWS = 100

_SCHEMA = table(
    "columns",
    column("table_schema"),
    column("table_name"),
    column("column_name"),
    schema="information_schema",
)


@asynccontextmanager
async def database_rows(url: str) -> AsyncIterator["DatabaseRows"]:
    """The rows of a database given by its `postgresql://` URL, for as long as the `async with` lasts."""
    engine = _engine(url)
    try:
        yield DatabaseRows(engine)
    finally:
        await engine.dispose()


class DatabaseRows:
    """Implements rehearsal.rows.Rows over read-only transactions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def find(self, name: str, where: Mapping[str, str], columns: Sequence[str]) -> list[Row]:
        """The rows whose columns have these values, all as text; BadInput for a table or column unknown."""
        if name not in TABLES:
            raise BadInput(f"a rehearsal cannot look at the table `{name}`{did_you_mean(name, TABLES)}")
        try:
            async with self._engine.connect() as connection:
                await _check_columns(connection, name, [*where, *columns])
                return await _rows(connection, name, where, columns)
        except (DBAPIError, OSError) as problem:
            raise StoreLost(f"the database does not answer: {problem}") from problem


def _engine(url: str) -> AsyncEngine:
    try:
        return create_async_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=1,
            connect_args={"connect_timeout": 5, "options": "-c default_transaction_read_only=on"},
        )
    except ArgumentError as problem:
        raise BadInput("the database is given as postgresql://USER:PASSWORD@HOST/NAME") from problem


async def _check_columns(connection: AsyncConnection, name: str, columns: Sequence[str]) -> None:
    query = select(_SCHEMA.c.column_name).where(
        _SCHEMA.c.table_name == name, _SCHEMA.c.table_schema == "public"
    )
    known = set((await connection.execute(query)).scalars())
    if not known:
        raise BadInput(f"the database has no table `{name}`: was `tellerline migrate` run on it?")
    for one in columns:
        if one not in known:
            raise BadInput(f"the table `{name}` has no column `{one}`{did_you_mean(one, known)}")


async def _rows(
    connection: AsyncConnection, name: str, where: Mapping[str, str], columns: Sequence[str]
) -> list[Row]:
    source = table(name, *(column(one) for one in {*where, *columns}))
    texts = [cast(source.c[one], Text).label(one) for one in columns] or [cast(1, Text).label("one")]
    query = select(*texts).select_from(source).limit(MOST_ROWS)
    for one, value in where.items():
        query = query.where(cast(source.c[one], Text) == value)
    found = (await connection.execute(query)).mappings()
    return [{one: str(row[one] or "") for one in columns} for row in found]
