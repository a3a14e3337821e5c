"""Wrong passwords and codes, counted in PostgreSQL so that all nodes count together (PCI DSS 8.3.4)."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from db.access_tables import sign_in_tries
from db.audit import append
from db.engine import Work
from db.people import People
from db.users import small

MOST: Final = 10
"""Wrong tries in a row; then the address is locked."""

LOCKED: Final = timedelta(minutes=30)
_FORGOTTEN: Final = timedelta(days=1)
_KEPT = sign_in_tries.c


class StoredTries:
    """Tries to sign in by an address, whether or not anybody has it: a lock tells nothing of that."""

    def __init__(self, work: Work, people: People, clock: Clock) -> None:
        self._work, self._people, self._clock = work, people, clock

    async def count(self, email: str) -> datetime | None:
        """Count a try before it is looked at; until when the address is locked, None when it is not.

        The tenth try is still looked at: what is right then is right.
        """
        now = self._clock.now()
        async with self._work.begin() as tx:
            await tx.execute(
                delete(sign_in_tries).where(
                    _KEPT.since < now - _FORGOTTEN,
                    or_(_KEPT.locked_until.is_(None), _KEPT.locked_until < now),
                )
            )
            subject = await self._subject(tx, email)
            first = insert(sign_in_tries).values(subject=subject, tries=1, since=now)
            over = _KEPT.locked_until <= now
            again = first.on_conflict_do_update(
                index_elements=[_KEPT.subject],
                set_={
                    "tries": case((over, 1), else_=_KEPT.tries + 1),
                    "since": now,
                    "locked_until": case(
                        (over, None), (_KEPT.tries == MOST, now + LOCKED), else_=_KEPT.locked_until
                    ),
                },
            ).returning(_KEPT.tries, _KEPT.locked_until)
            row = (await tx.execute(again)).one()
            if row.tries == MOST + 1:
                await append(tx, now, "sign-in locked", subject.hex(), {"minutes": LOCKED.seconds // 60})
        until: datetime | None = row.locked_until
        return until

    async def uncount(self, email: str) -> None:
        """That try was right, though it is not the last step."""
        async with self._work.begin() as tx:
            subject = await self._subject(tx, email)
            less = update(sign_in_tries).where(_KEPT.subject == subject, _KEPT.tries > 0)
            await tx.execute(less.values(tries=_KEPT.tries - 1))

    async def forget(self, email: str) -> bool:
        """Begin anew: somebody signed in, or an admin unlocks. Whether the address was locked."""
        gone = delete(sign_in_tries)
        async with self._work.begin() as tx:
            this = _KEPT.subject == await self._subject(tx, email)
            until = (await tx.execute(gone.where(this).returning(_KEPT.locked_until))).scalar()
        return until is not None and until > self._clock.now()

    async def locked_until(self, email: str) -> datetime | None:
        """Until when an address is locked; None when it is not."""
        async with self._work.begin() as tx:
            this = _KEPT.subject == await self._subject(tx, email)
            until: datetime | None = (await tx.execute(select(_KEPT.locked_until).where(this))).scalar()
        return until if until is not None and until > self._clock.now() else None

    async def _subject(self, tx: AsyncConnection, email: str) -> bytes:
        # hashed: people also type passwords where the address belongs
        return await self._people.index(tx, "sign_in_tries.subject", small(email))
