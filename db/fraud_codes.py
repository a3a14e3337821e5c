"""One-time codes (payments.fraud.one_time_code), in PostgreSQL."""

from datetime import datetime

from sqlalchemy import case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from db.engine import Work
from db.fraud_tables import fraud_codes as table
from payments.fraud.one_time_code import Check, Issued

_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:to, 0))")


class StoredCodes:
    """The Codes protocol over PostgreSQL."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def issue(self, issued: Issued, since: datetime, most: int) -> bool:
        """Keep a code in place of an older one of its subject; False when `most` went there `since` then."""
        row = {
            "subject": issued.subject,
            "to": issued.to,
            "hash": issued.hash,
            "at": issued.at,
            "until": issued.until,
            "tries": issued.tries,
        }
        sent = select(func.coalesce(func.sum(table.c.sent), 0)).where(
            table.c.to == issued.to, table.c.at > since
        )
        new = insert(table).values(row)
        kept = new.on_conflict_do_update(index_elements=["subject"], set_={**row, "sent": table.c.sent + 1})
        async with self._work.begin() as tx:
            await tx.execute(_TURN, {"to": issued.to})  # two that are sent at once are counted one by one
            if (await tx.execute(sent)).scalar_one() >= most:
                return False
            await tx.execute(kept)
        return True

    async def attempt(self, subject: str, hash_: str, now: datetime) -> Check:
        """Use up one try, also of two that come at once; a code that was right is over afterwards."""
        right = table.c.hash == hash_
        good = (table.c.subject == subject) & (table.c.until > now) & (table.c.tries > 0)
        tried = (
            update(table)
            .where(good)
            .values(tries=case((right, 0), else_=table.c.tries - 1))
            .returning(right.label("right"), table.c.tries)
        )
        async with self._work.begin() as tx:
            row = (await tx.execute(tried)).first()
        if row is None:
            return Check.OVER
        if row.right:
            return Check.RIGHT
        return Check.WRONG if row.tries else Check.OVER
