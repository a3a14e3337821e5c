"""Keys of programs, in PostgreSQL: only a keyed hash is kept, the key itself is shown once."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, or_, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput
from core.ids import new_id
from db.access_tables import api_keys
from db.audit import Detail, append
from db.engine import Work
from db.pages import Place, newest_first
from db.people import People
from db.storable import storable

PREFIX: Final = "tl_"
_HASH: Final = "api_keys.hash"
_SIGNING: Final = "tokens.signing_key"
_SHOWN: Final = 7
_NOTED: Final = timedelta(minutes=1)
_KEPT = api_keys.c


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as one may see it: `start` is how it begins; `was_until` is how long the one before is taken."""

    id: str
    name: str
    start: str
    scopes: tuple[str, ...]
    made_by: str
    created_at: datetime
    expires_at: datetime | None
    was_until: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


class StoredApiKeys:
    """Keys; each change stands in the audit log."""

    def __init__(self, work: Work, people: People, clock: Clock) -> None:
        self._work, self._people, self._clock = work, people, clock

    async def page(self, place: Place | None, limit: int) -> list[ApiKey]:
        """Those behind a place, newest first, one more than `limit`; revoked ones too."""
        query = newest_first(select(api_keys), _KEPT.created_at, _KEPT.id, place, limit)
        async with self._work.begin() as tx:
            return [_key(row) for row in (await tx.execute(query)).mappings()]

    async def find(self, key: str) -> ApiKey:
        """One key, by its id. Raises BadInput."""
        async with self._work.begin() as tx:
            row = (await tx.execute(select(api_keys).where(_KEPT.id == key))).mappings().first()
        if row is None:
            raise _none(key)
        return _key(row)

    async def add(
        self, name: str, scopes: Iterable[str], made_by: str, lasts: timedelta | None = None
    ) -> tuple[ApiKey, str]:
        """A new key, and what its owner presents, which is not kept."""
        secret, now = _new_secret(), self._clock.now()
        granted = sorted(set(scopes))
        async with self._work.begin() as tx:
            row: dict[str, Any] = {
                "id": new_id("key"),
                "name": storable(name),
                "hash": await self._hash(tx, secret),
                "start": secret[:_SHOWN],
                "scopes": granted,
                "made_by": made_by,
                "created_at": now,
                "expires_at": now + lasts if lasts is not None else None,
            }
            made = (await tx.execute(insert(api_keys).values(row).returning(api_keys))).mappings().one()
            detail: Detail = {"name": row["name"], "scopes": " ".join(granted)}
            await append(tx, now, "api key added", made["id"], detail)
        return _key(made), secret

    async def rotate(self, key: str, keep: timedelta) -> str:
        """A new secret for a key; for as long as `keep` the old one is taken too. Raises BadInput."""
        secret, now = _new_secret(), self._clock.now()
        async with self._work.begin() as tx:
            values = {
                "hash": await self._hash(tx, secret),
                "start": secret[:_SHOWN],
                "was_hash": _KEPT.hash,
                "was_until": now + keep,
            }
            await self._change(tx, key, values)
            await append(tx, now, "api key rotated", key, {"keep_s": round(keep.total_seconds())})
        return secret

    async def revoke(self, key: str) -> None:
        """Take it no more, neither the new secret nor the old one. Raises BadInput."""
        async with self._work.begin() as tx:
            await self._change(tx, key, {"revoked_at": self._clock.now()})
            await append(tx, self._clock.now(), "api key revoked", key, {})

    async def presented(self, secret: str) -> ApiKey | None:
        """The key that this is, if it is taken now; that it was used is noted."""
        now = self._clock.now()
        async with self._work.single() as connection:
            hashed = await self._hash(connection, secret)
            same = or_(_KEPT.hash == hashed, (_KEPT.was_hash == hashed) & (_KEPT.was_until > now))
            row = (await connection.execute(select(api_keys).where(same, _stands(now)))).mappings().first()
            if row is not None and (row["used_at"] is None or row["used_at"] < now - _NOTED):
                await connection.execute(update(api_keys).where(_KEPT.id == row["id"]).values(used_at=now))
        return _key(row) if row is not None else None

    async def standing(self, key: str) -> ApiKey | None:
        """The key with this id, if it is taken now: what was derived from it ends with it."""
        query = select(api_keys).where(_KEPT.id == key, _stands(self._clock.now()))
        async with self._work.single() as connection:
            row = (await connection.execute(query)).mappings().first()
        return _key(row) if row is not None else None

    async def token_secret(self) -> bytes:
        """The key under which short tokens are signed, of the same master key; 32 bytes."""
        async with self._work.begin() as tx:
            return await self._people.index(tx, _SIGNING, "1")

    async def _change(self, tx: AsyncConnection, key: str, values: dict[str, Any]) -> None:
        this = (_KEPT.id == key) & _KEPT.revoked_at.is_(None)
        if not (await tx.execute(update(api_keys).where(this).values(values))).rowcount:
            raise _none(key)

    async def _hash(self, tx: AsyncConnection, secret: str) -> bytes:
        return await self._people.index(tx, _HASH, secret)


def _stands(now: datetime) -> Any:
    return _KEPT.revoked_at.is_(None) & or_(_KEPT.expires_at.is_(None), _KEPT.expires_at > now)


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def _none(key: str) -> BadInput:
    return BadInput(f"there is no key {key!r} that is taken: `tellerline api-keys list` shows all")


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(
        id=row["id"],
        name=row["name"],
        start=row["start"],
        scopes=tuple(row["scopes"]),
        made_by=row["made_by"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        was_until=row["was_until"],
        used_at=row["used_at"],
        revoked_at=row["revoked_at"],
    )
