"""Who is signed in, in PostgreSQL: a cookie is 256 random bits, of which only the SHA-256 is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from db.access_tables import sign_ins, users
from db.actor import Actor, acting
from db.audit import append
from db.engine import Work
from db.storable import storable
from db.users import QUERY, User, user_of

IDLE: Final = timedelta(minutes=15)
"""How long a browser may be silent (PCI DSS 8.2.8)."""

_WHOLE: Final = timedelta(hours=12)
_HALF: Final = timedelta(minutes=5)
_NOTED: Final = timedelta(seconds=30)  # what was seen more recently is not written down again
_KEPT = sign_ins.c


@dataclass(frozen=True, slots=True)
class SignIn:
    """A browser of a user; not `whole` while the second factor is waited for."""

    user: User
    whole: bool
    factor: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in: the address, and what the browser calls itself."""

    address: str
    agent: str


class StoredSignIns:
    """Sign-ins: each ends after 15 idle minutes, after 12 hours, and with the user's password."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock

    async def begin(self, user: User, browser: Browser, *, whole: bool, factor: str = "none") -> str:
        """Sign a user in; the cookie. Not `whole`: for five minutes, until the second factor is there."""
        async with self._work.begin() as tx:
            await tx.execute(delete(sign_ins).where(_KEPT.until < self._clock.now()))
            return await self._insert(tx, user, browser, whole, factor)

    async def complete(self, cookie: str, user: User, browser: Browser, factor: str) -> str | None:
        """The second factor is there: a new cookie in place of the old one; None when that is gone."""
        async with self._work.begin() as tx:
            if not (await tx.execute(delete(sign_ins).where(_KEPT.hash == _hash(cookie)))).rowcount:
                return None
            return await self._insert(tx, user, browser, True, factor)

    async def find(self, cookie: str, *, seen: bool = True) -> SignIn | None:
        """Whose cookie it is, None for one that has ended or never was; not `seen` is no sign of life."""
        now, this = self._clock.now(), _KEPT.hash == _hash(cookie)
        query = QUERY.add_columns(
            _KEPT.whole, _KEPT.factor, _KEPT.created_at.label("since"), _KEPT.until, _KEPT.seen_at
        ).where(
            this,
            _KEPT.user == users.c.id,
            users.c.locked_at.is_(None),
            _KEPT.until > now,
            _KEPT.seen_at > now - IDLE,
        )
        async with self._work.single() as connection:
            row = (await connection.execute(query)).mappings().first()
            if seen and row is not None and row["seen_at"] < now - _NOTED:
                await connection.execute(update(sign_ins).where(this).values(seen_at=now))
        return _sign_in(row) if row is not None else None

    async def end(self, cookie: str) -> None:
        """Sign a browser out."""
        gone = delete(sign_ins).where(_KEPT.hash == _hash(cookie)).returning(_KEPT.user)
        async with self._work.begin() as tx:
            user = (await tx.execute(gone)).scalar()
            if user is not None:
                await append(tx, self._clock.now(), "signed out", user, {})

    async def challenge(self, cookie: str, challenge: bytes) -> None:
        """Keep what a passkey is to sign."""
        async with self._work.begin() as tx:
            await tx.execute(update(sign_ins).where(_KEPT.hash == _hash(cookie)).values(challenge=challenge))

    async def take_challenge(self, cookie: str) -> bytes | None:
        """What a passkey was to sign, once."""
        this = sign_ins.alias("was")
        taken = (
            update(sign_ins)
            .where(_KEPT.hash == this.c.hash, this.c.hash == _hash(cookie), this.c.challenge.is_not(None))
            .values(challenge=None)
            .returning(this.c.challenge)
        )
        async with self._work.begin() as tx:
            challenge = (await tx.execute(taken)).scalar()
        return bytes(challenge) if challenge is not None else None

    async def _insert(
        self, tx: AsyncConnection, user: User, browser: Browser, whole: bool, factor: str
    ) -> str:
        cookie, now = secrets.token_urlsafe(32), self._clock.now()
        row: dict[str, Any] = {
            "hash": _hash(cookie),
            "user": user.id,
            "whole": whole,
            "factor": factor,
            "created_at": now,
            "seen_at": now,
            "until": now + (_WHOLE if whole else _HALF),
            "address": storable(browser.address),
            "agent": storable(browser.agent)[:200],
        }
        await tx.execute(insert(sign_ins).values(row))
        if whole:
            with acting(Actor(user.id, row["address"])):
                await append(tx, now, "signed in", user.id, {"factor": factor})
        return cookie


def _hash(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()


def _sign_in(row: RowMapping) -> SignIn:
    return SignIn(user_of(row), row["whole"], row["factor"], row["since"], row["until"])
