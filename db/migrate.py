"""Bringing a database to this release: our tables, the job engine's, and the table of allowed moves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, delete, exc, insert, select, text
from sqlalchemy.pool import NullPool

from core.errors import StoreLost
from db.engine import driver_url, is_lost, place
from db.jobs_schema import missing_steps, upgrade_jobs
from db.locks import Turn
from db.release import allowed_moves
from db.schema import metadata
from db.tables import payment_moves

log = structlog.get_logger(__name__)

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(url: str, wait_s: float = 60.0, *, jobs: bool = True) -> str:
    """Bring the database to this release, all or nothing; return the revision. Doing it again does nothing.

    Nodes that start at once take turns (an advisory lock, waited for `wait_s` at most). The role needs no
    more than to own the database. Without `jobs` the job engine's tables are left out. Raises StoreLost.
    """
    with _transaction(url) as connection:
        connection.execute(
            text("SELECT set_config('lock_timeout', :ms, true)"), {"ms": f"{wait_s * 1000:.0f}"}
        )
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(Turn.MIGRATE)})
        before = _revision(connection)
        command.upgrade(_config(connection), "head")
        steps = upgrade_jobs(connection) if jobs else []
        _write_moves(connection)
        after = _revision(connection)
    if before != after or steps:
        log.info("database migrated", database=place(url), before=before, after=after, job_steps=len(steps))
    return str(after)


def current(url: str) -> str | None:
    """The revision that the database has; None when it is empty."""
    with _transaction(url) as connection:
        return _revision(connection)


def head() -> str:
    """The revision that this release needs."""
    return str(ScriptDirectory(str(_FOLDER)).get_current_head())


def check(url: str) -> list[str]:
    """What keeps this release from running on the database, in words; empty when all is well."""
    with _transaction(url) as connection:
        revision = _revision(connection)
        if revision != head():
            return [
                f"the database has revision {revision}, this release needs {head()}: run `tellerline migrate`"
            ]
        faults = [
            f"the table of jobs lacks {step}: run `tellerline migrate`" for step in missing_steps(connection)
        ]
        if _moves(connection) != allowed_moves():
            faults.append(
                "payment_moves differs from the moves that this release allows: run `tellerline migrate`"
            )
        return faults


def differences(url: str) -> Sequence[object]:
    """How the database's tables differ from db.schema, as alembic words it; for tests and developers."""
    with _transaction(url) as connection:
        ours = {"include_name": _is_ours, "compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=ours), metadata))


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(url), poolclass=NullPool, connect_args={"connect_timeout": 10})
    try:
        with engine.begin() as connection:
            yield connection
    except exc.DBAPIError as error:
        if is_lost(error):
            raise StoreLost(f"the database {place(url)} does not answer: {error.orig}") from error
        raise
    finally:
        engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _moves(connection: Connection) -> set[tuple[str, str]]:
    return {(row.old, row.new) for row in connection.execute(select(payment_moves))}


def _write_moves(connection: Connection) -> None:
    if _moves(connection) != allowed_moves():
        connection.execute(delete(payment_moves))
        connection.execute(
            insert(payment_moves), [{"old": old, "new": new} for old, new in sorted(allowed_moves())]
        )


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith("procrastinate_"))
