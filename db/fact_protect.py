"""Sealing facts that were told before there was a seal: the one change that a fact may undergo."""

from typing import Final

from sqlalchemy import bindparam, text

from core.clock import Clock
from db.audit import append
from db.engine import Work
from db.fact_seal import MARK, PERSONAL, FactSeal
from db.people import People
from db.protect import Progress
from db.rows import as_json

_BATCH: Final = 1000
_PLAIN: Final = " OR ".join(
    f"(kind = '{kind}' AND body->>'{field}' <> '' AND NOT starts_with(body->>'{field}', :mark))"
    for kind, field in PERSONAL.items()
)
_COUNT = text(f"SELECT count(*) FROM facts WHERE {_PLAIN}").bindparams(mark=MARK)  # noqa: S608 - our own words
_SOME = text(
    f"SELECT seq, call, kind, body FROM facts WHERE seq > :after AND ({_PLAIN}) ORDER BY seq LIMIT :limit"  # noqa: S608
).bindparams(bindparam("after"), mark=MARK, limit=_BATCH)
_CHANGE = text("""
UPDATE facts SET body = r.body FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (seq bigint, body jsonb)
 WHERE facts.seq = r.seq
""")


async def plain_facts(work: Work) -> int:
    """How many facts tell of a person and are not sealed yet."""
    async with work.begin() as tx:
        return int((await tx.execute(_COUNT)).scalar_one())


async def protect_facts(work: Work, people: People, clock: Clock, progress: Progress) -> int:
    """Seal them all, some at a time, while the line goes on; broken off, it goes on where it was."""
    seal, total, done, after = FactSeal(people), await plain_facts(work), 0, 0
    while True:
        async with work.begin() as tx:
            rows = [dict(row) for row in (await tx.execute(_SOME, {"after": after})).mappings()]
            if not rows:
                break
            changed = await seal.sealed(tx, rows)
            await tx.execute(_CHANGE, as_json([{"seq": row["seq"], "body": row["body"]} for row in changed]))
        done, after = done + len(rows), rows[-1]["seq"]
        progress("sealing facts", min(1.0, done / max(total, 1)))
    progress("sealing facts", 1.0)
    if done:
        async with work.begin() as tx:
            await append(tx, clock.now(), "rows sealed", "database", {"facts": done})
    return done
