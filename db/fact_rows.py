"""Facts as rows of the table: their kinds by name, their fields as JSON."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import Fact, Recorded
from core.ids import CallId
from db.rows import as_json
from db.storable import storable
from db.tables import facts

KEPT = (facts.c.seq, facts.c.at, facts.c.call, facts.c.kind, facts.c.body)
"""The columns that a fact is read from."""

FactRow = dict[str, object]
"""What JSON can say: one parameter carries a whole batch, instead of six a fact."""

_INSERT = text("""
    INSERT INTO facts_inbox (at, call, kind, body, teller, told)
    SELECT at, call, kind, body, teller, told FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS told(at timestamptz, call text, kind text, body jsonb, teller text, told bigint)
""")


def kind_of(fact: Fact) -> str:
    """The fact's name in the table: `call_started` for CallStarted."""
    return kind_of_type(type(fact))


def kind_of_type(kind: type[Fact]) -> str:
    """The same, of a class."""
    return _NAMES[kind]


def to_row(fact: Fact, at: datetime, teller: str, told: int) -> FactRow:
    """The row to insert; `teller` and `told` make that writing it twice keeps it once."""
    body = {name: _storable(getattr(fact, name)) for name in _FIELDS[type(fact)]}
    return {
        "at": at,
        "call": fact.call and storable(fact.call),
        "kind": kind_of(fact),
        "body": body,
        "teller": teller,
        "told": told,
    }


async def insert_rows(tx: AsyncConnection, rows: Sequence[FactRow]) -> None:
    """Write facts; the commit gives each its `seq`, in this order, and wakes whoever follows."""
    await tx.execute(_INSERT, as_json(rows))


async def rows_after(
    tx: AsyncConnection, seq: int, call: CallId | None, limit: int, *, but: Sequence[str] = ()
) -> list[Recorded]:
    """At most `limit` facts above `seq`, of one call or of all, in order; none of the kinds in `but`."""
    query = select(*KEPT).where(facts.c.seq > seq)
    if but:
        query = query.where(facts.c.kind.not_in(but))
    if call is not None:
        query = query.where(facts.c.call == call)
    return [recorded_of(*row) for row in await tx.execute(query.order_by(facts.c.seq).limit(limit))]


async def newest_seq(tx: AsyncConnection) -> int:
    """The number of the newest fact; 0 when there is none."""
    newest: int | None = await tx.scalar(select(func.max(facts.c.seq)))
    return newest or 0


def recorded_of(seq: int, at: datetime, call: Any, kind: str, body: Mapping[str, Any]) -> Recorded:
    """The fact in a row: the columns KEPT."""
    return Recorded(seq, at, _KINDS[kind](call=call, **body))


def _storable(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


_KINDS: dict[str, type[Fact]] = {_snake(kind.__name__): kind for kind in get_args(Fact)}
_NAMES: dict[type[Fact], str] = {kind: name for name, kind in _KINDS.items()}
_FIELDS: dict[type[Fact], list[str]] = {
    kind: [field.name for field in fields(kind) if field.name != "call"] for kind in _NAMES
}
