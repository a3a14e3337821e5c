"""Whether a database is at this release: one short transaction, without the machinery of migrations."""

from pathlib import Path
from typing import Final

import psycopg

from db.engine import plain_url
from db.jobs_schema import steps
from payments.session import TRANSITIONS

_VERSIONS: Final = Path(__file__).parent / "migrations" / "versions"
_CONNECT_S: Final = 10


def is_current(url: str) -> bool:
    """False too when it cannot be asked: `migrate.upgrade` then says what is the matter."""
    try:
        with psycopg.connect(plain_url(url), connect_timeout=_CONNECT_S) as connection:
            revisions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            applied = connection.execute("SELECT step FROM jobs_schema").fetchall()
            moves = connection.execute("SELECT old, new FROM payment_moves").fetchall()
    except psycopg.Error:
        return False
    known = {step for (step,) in applied}
    return revisions == [(newest(),)] and known.issuperset(steps()) and set(moves) == allowed_moves()


def newest() -> str:
    """The revision that this release needs; migrations are named by theirs (`0002_guards.py`), in order."""
    return max(file.stem.partition("_")[0] for file in _VERSIONS.glob("[0-9]*.py"))


def allowed_moves() -> set[tuple[str, str]]:
    """The rows of payment_moves, as payments.session has them."""
    return {(old.value, new.value) for old, then in TRANSITIONS.items() for new in then}
