"""Who acts, from where: known to the audit log for as long as one thing is asked of us."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asked: an id of a user or key, or a word such as `command line`; and the address."""

    by: str
    address: str


# A context variable, not a parameter: every store writes to the audit log, and none has to hand it on.
_NOW: ContextVar[Actor | None] = ContextVar("actor", default=None)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """What is written to the audit log inside says who it was; tasks started inside inherit it."""
    before = _NOW.set(actor)
    try:
        yield
    finally:
        _NOW.reset(before)


def who_acts() -> dict[str, str]:
    """`{"by": ..., "from": ...}` for a row of the audit log; empty where the line acts by itself."""
    actor = _NOW.get()
    return {} if actor is None else {"by": actor.by, "from": actor.address}
