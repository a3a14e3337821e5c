"""One-time codes of users, in PostgreSQL: secrets sealed, recovery codes hashed, each good once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import Refused
from db.access_tables import recovery_codes, user_totp
from db.audit import append
from db.engine import Work
from db.keys import DataKey, Place
from db.people import People

_KEPT = user_totp.c
_CODE: Final = "recovery_codes.hash"


@dataclass(frozen=True, slots=True)
class TotpSecret:
    """The secret that an app shares with us, in base32; not `confirmed` until a first code was right."""

    secret: str
    confirmed: bool


class StoredFactors:
    """What users have beside their password; passkeys have a store of their own."""

    def __init__(self, work: Work, people: People, clock: Clock) -> None:
        self._work, self._people, self._clock = work, people, clock

    async def begin_totp(self, user: str, secret: str) -> None:
        """Keep the secret of an app that is being set up. Raises Refused when one is confirmed already."""
        async with self._work.begin() as tx:
            sealed = (await self._key(tx, user)).seal(secret, _place(user))
            row = {"user": user, "sealed": sealed}
            kept = insert_or(user_totp).values(row)
            kept = kept.on_conflict_do_update(
                index_elements=[_KEPT.user],
                set_={"sealed": sealed, "step": 0},
                where=_KEPT.confirmed_at.is_(None),
            )
            if not (await tx.execute(kept)).rowcount:
                raise Refused("an app gives codes already: remove it first")

    async def totp(self, user: str) -> TotpSecret | None:
        """The app of a user."""
        async with self._work.begin() as tx:
            query = select(_KEPT.sealed, _KEPT.confirmed_at).where(_KEPT.user == user)
            row = (await tx.execute(query)).first()
            if row is None:
                return None
            secret = (await self._key(tx, user)).open(row.sealed, _place(user))
        return TotpSecret(secret, row.confirmed_at is not None)

    async def confirm_totp(self, user: str, step: int, codes: Sequence[str]) -> bool:
        """The app works: from now on it is asked for; `codes` are for whoever loses it.

        False, and nothing is written, when it is confirmed already or the step was used.
        """
        now = self._clock.now()
        async with self._work.begin() as tx:
            this = (_KEPT.user == user) & (_KEPT.step < step) & _KEPT.confirmed_at.is_(None)
            done = update(user_totp).where(this).values(step=step, confirmed_at=now)
            if not (await tx.execute(done)).rowcount:
                return False
            await tx.execute(delete(recovery_codes).where(recovery_codes.c.user == user))
            rows = [{"hash": await self._code(tx, user, code), "user": user} for code in codes]
            await tx.execute(insert(recovery_codes), rows)
            await append(tx, now, "second factor added", user, {"factor": "totp"})
        return True

    async def use_step(self, user: str, step: int) -> bool:
        """Use a step of time up: a code of it, or of one before it, is not taken again (RFC 6238, 5.2)."""
        this = (_KEPT.user == user) & (_KEPT.step < step) & _KEPT.confirmed_at.is_not(None)
        async with self._work.begin() as tx:
            return bool((await tx.execute(update(user_totp).where(this).values(step=step))).rowcount)

    async def use_recovery(self, user: str, code: str) -> bool:
        """Use a recovery code up; False for one that is none or was used."""
        kept, now = recovery_codes.c, self._clock.now()
        async with self._work.begin() as tx:
            this = (kept.hash == await self._code(tx, user, code)) & kept.used_at.is_(None)
            used = bool((await tx.execute(update(recovery_codes).where(this).values(used_at=now))).rowcount)
            if used:
                left = select(func.count()).where(kept.user == user, kept.used_at.is_(None))
                count = int((await tx.execute(left)).scalar_one())
                await append(tx, now, "recovery code used", user, {"left": count})
        return used

    async def remove_totp(self, user: str) -> None:
        """Ask for codes no more; the recovery codes go too."""
        async with self._work.begin() as tx:
            gone = (await tx.execute(delete(user_totp).where(_KEPT.user == user))).rowcount
            await tx.execute(delete(recovery_codes).where(recovery_codes.c.user == user))
            if gone:
                await append(tx, self._clock.now(), "second factor removed", user, {"factor": "totp"})

    async def _key(self, tx: AsyncConnection, user: str) -> DataKey:
        key = await self._people.key(tx, f"user:{user}")
        if key is None:
            raise Refused(f"the data key of {user} was destroyed: remove the user")
        return key

    async def _code(self, tx: AsyncConnection, user: str, code: str) -> bytes:
        return await self._people.index(tx, _CODE, f"{user} {code}")


def _place(user: str) -> Place:
    return Place("user_totp", "sealed", user)
