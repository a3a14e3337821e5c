"""Passkeys of users (WebAuthn), in PostgreSQL: a counter that does not grow tells of a copied key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from core.clock import Clock
from core.errors import BadInput
from db.access_tables import passkeys
from db.audit import append
from db.engine import Work
from db.storable import storable

_KEPT = passkeys.c
_MOST = 20


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key of a user: `id` is the credential's in base64url, `public_key` is COSE (RFC 9052)."""

    id: str
    user: str
    name: str
    public_key: bytes
    counter: int
    created_at: datetime
    used_at: datetime | None


class StoredPasskeys:
    """Passkeys; each change stands in the audit log."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock

    async def of(self, user: str) -> list[Passkey]:
        """A user's keys, the oldest first."""
        query = select(passkeys).where(_KEPT.user == user).order_by(_KEPT.created_at, _KEPT.id)
        async with self._work.begin() as tx:
            return [Passkey(**row) for row in (await tx.execute(query)).mappings()]

    async def add(self, passkey: str, user: str, name: str, public_key: bytes, counter: int) -> Passkey:
        """A new key. Raises BadInput for one that somebody has, and for more than 20 of one user."""
        row = {
            "id": passkey,
            "user": user,
            "name": storable(name),
            "public_key": public_key,
            "counter": counter,
            "created_at": self._clock.now(),
        }
        try:
            async with self._work.begin() as tx:
                held = select(func.count()).select_from(passkeys).where(_KEPT.user == user)
                if int((await tx.execute(held)).scalar_one()) >= _MOST:
                    raise BadInput(f"there are {_MOST} passkeys already: remove one first")
                made = (await tx.execute(insert(passkeys).values(row).returning(passkeys))).mappings().one()
                await append(tx, self._clock.now(), "second factor added", user, {"factor": "webauthn"})
        except IntegrityError:
            raise BadInput("this passkey is known already") from None
        return Passkey(**made)

    async def used(self, passkey: str, counter: int) -> bool:
        """Note that it signed; False when its counter did not grow, as that of a copied key.

        A key without a counter says zero each time (WebAuthn, 6.1.1).
        """
        grows = or_(_KEPT.counter < counter, (_KEPT.counter == 0) & (counter == 0))
        noted = update(passkeys).where(_KEPT.id == passkey, grows)
        async with self._work.begin() as tx:
            done = await tx.execute(noted.values(counter=counter, used_at=self._clock.now()))
        return bool(done.rowcount)

    async def remove(self, user: str, passkey: str = "") -> int:
        """Take one away, or all of a user; how many there were."""
        this = (_KEPT.user == user) & (_KEPT.id == passkey) if passkey else _KEPT.user == user
        async with self._work.begin() as tx:
            gone = (await tx.execute(delete(passkeys).where(this))).rowcount
            if gone:
                detail: dict[str, str | int | bool | None] = {"factor": "webauthn", "count": gone}
                await append(tx, self._clock.now(), "second factor removed", user, detail)
        return gone
