"""The job engine's own tables: procrastinate's schema, or the steps that a database still lacks of it."""

from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, insert, select

from db.tables import jobs_schema


def upgrade_jobs(connection: Connection) -> list[str]:
    """Apply what is missing, in procrastinate's order, and note it; return the steps."""
    missing = missing_steps(connection)
    if not _applied(connection):
        _run(connection, SchemaManager.get_schema())
    else:
        for step in missing:
            _run(connection, (_folder() / step).read_text(encoding="utf-8"))
    if missing:
        connection.execute(insert(jobs_schema), [{"step": step} for step in missing])
    return missing


def missing_steps(connection: Connection) -> list[str]:
    """The steps of the installed procrastinate that this database has not."""
    applied = _applied(connection)
    return [step for step in steps() if step not in applied]


def steps() -> list[str]:
    """All steps of the installed procrastinate, in its order."""
    return sorted(path.name for path in _folder().glob("*.sql"))


def _applied(connection: Connection) -> set[str]:
    return set(connection.scalars(select(jobs_schema.c.step)))


def _folder() -> Path:
    return Path(SchemaManager.get_migrations_path())


def _run(connection: Connection, statements: str) -> None:
    # straight to psycopg: many statements in one text, and percent signs that are no parameters
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statements)
    finally:
        cursor.close()
