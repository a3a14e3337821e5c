"""The audit trail: an append-only chain of SHA-256 hashes, as PCI DSS 10.3.4 asks for."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from db.actor import who_acts
from db.engine import Work
from db.tables import audit

Detail = Mapping[str, str | int | bool | None]

_GENESIS = bytes(32)
_BATCH = 1000
_APPEND = text("""
    INSERT INTO audit_inbox (at, action, subject, detail)
    VALUES (:at, :action, :subject, CAST(:detail AS jsonb))
""")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row of the chain; noted elsewhere, it also proves that the end was not cut off."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Intact:
    """Every row follows from the one before; `head` is None for an empty trail."""

    rows: int
    head: Head | None


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that does not follow, and what is wrong with it, in words."""

    seq: int
    why: str


async def append(tx: AsyncConnection, at: datetime, action: str, subject: str, detail: Detail) -> None:
    """Add a row in the transaction of the change that it tells of; the commit chains it to the one before.

    `detail` says nothing secret; who acts, and from where, is added as `by` and `from` (db.actor).
    """
    told = json.dumps({**detail, **who_acts()})
    await tx.execute(_APPEND, {"at": at, "action": action, "subject": subject, "detail": told})


async def head(work: Work) -> Head | None:
    """The newest row, to be noted elsewhere; None for an empty trail."""
    newest = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    async with work.begin() as tx:
        row = (await tx.execute(newest)).first()
    return Head(row.seq, row.hash.hex()) if row is not None else None


async def verify(work: Work, noted: Head | None = None) -> Intact | Broken:
    """Walk the whole chain and recompute every hash.

    `noted` is a head that was kept elsewhere: the chain must still hold it, so that a cut end is found too.
    """
    previous, seq, found = _GENESIS, 0, noted is None
    while rows := await _after(work, seq):
        for row in rows:
            if why := _fault(row, seq + 1, previous):
                return Broken(row["seq"], why)
            seq, previous = row["seq"], row["hash"]
            found = found or Head(seq, previous.hex()) == noted
    if noted is not None and not found:
        return Broken(
            noted.seq, "a row that was noted elsewhere is missing or differs: the end was cut or rewritten"
        )
    return Intact(seq, Head(seq, previous.hex()) if seq else None)


async def _after(work: Work, seq: int) -> Sequence[RowMapping]:
    async with work.begin() as tx:
        query = select(audit).where(audit.c.seq > seq).order_by(audit.c.seq).limit(_BATCH)
        return (await tx.execute(query)).mappings().all()


def _fault(row: RowMapping, due: int, previous: bytes) -> str:
    if row["seq"] != due:
        return f"row {due} is missing"
    if row["previous"] != previous:
        return "it does not follow the row before: rows were changed, moved or removed"
    if row["hash"] != _hash(row, previous):
        return "its content is not what was written"
    return ""


def _hash(row: RowMapping, previous: bytes) -> bytes:
    stamp = row["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    # as PostgreSQL prints jsonb: shorter keys first, then by their bytes
    keys = sorted(row["detail"], key=lambda key: (len(key.encode()), key.encode()))
    detail = {key: row["detail"][key] for key in keys}
    printed = json.dumps([row["seq"], stamp, row["action"], row["subject"], detail], ensure_ascii=False)
    return hashlib.sha256(previous + printed.encode()).digest()
