"""Users, in PostgreSQL: each change stands in the audit log, and the last admin stays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NewType

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput, Outdated, Refused
from core.ids import new_id
from db.access_tables import passkeys, sign_ins, user_totp, users
from db.audit import Detail, append
from db.engine import Work
from db.pages import Place, newest_first
from db.storable import storable

UserId = NewType("UserId", str)

ADMIN: Final = "admin"
"""The role of which one user is always left."""

_KEPT = users.c


class NoSuchUser(BadInput):
    """Nobody has this id or address."""


@dataclass(frozen=True, slots=True)
class User:
    """A person who signs in; `version` grows with each change, `passkeys` counts them.

    `password_until` is when a one-time password ends: whoever has one must choose another first.
    """

    id: UserId
    email: str
    name: str
    role: str
    language: str
    created_at: datetime
    password_until: datetime | None
    locked_at: datetime | None
    totp: bool
    passkeys: int
    version: int


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be another; None leaves it."""

    name: str | None = None
    role: str | None = None
    language: str | None = None
    locked: bool | None = None


class StoredUsers:
    """Users who were not removed; addresses are compared in small letters."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock

    async def page(self, place: Place | None, limit: int) -> list[User]:
        """Those behind a place, newest first, one more than `limit`."""
        query = newest_first(QUERY, _KEPT.created_at, _KEPT.id, place, limit)
        async with self._work.begin() as tx:
            return [user_of(row) for row in (await tx.execute(query)).mappings()]

    async def find(self, user: str) -> User | None:
        """One user, by id."""
        return await self._one(_KEPT.id == user)

    async def named(self, email: str) -> User:
        """The user with this address. Raises NoSuchUser."""
        found = await self._one(_KEPT.email == small(email))
        if found is None:
            raise NoSuchUser(f"nobody has the address {email!r}: `tellerline users list` shows all")
        return found

    async def with_password(self, email: str) -> tuple[User, str | None] | None:
        """Who has this address, and the hash of the password, None for a user without one."""
        query = QUERY.add_columns(_KEPT.password).where(_KEPT.email == small(email))
        async with self._work.begin() as tx:
            row = (await tx.execute(query)).mappings().first()
        return (user_of(row), row["password"]) if row is not None else None

    async def add(self, email: str, name: str, role: str, language: str = "en") -> User:
        """A new user, without a password yet. Raises BadInput when somebody has the address."""
        user = UserId(new_id("user"))
        row: dict[str, Any] = {
            "id": user,
            "email": small(email),
            "name": storable(name),
            "role": role,
            "language": language,
            "created_at": self._clock.now(),
        }
        try:
            async with self._work.begin() as tx:
                await tx.execute(insert(users).values(row))
                await self._note(tx, "user added", user, {"email": row["email"], "role": role})
                return await _read(tx, user)
        except IntegrityError:
            raise BadInput(f"somebody has the address {email!r} already") from None

    async def change(self, user: str, change: Change, version: int | None = None) -> User:
        """Change a user; whoever is locked is signed out everywhere.

        Raises NoSuchUser, Outdated when the user has another version than `version`, Refused for what
        would leave no admin.
        """
        async with self._work.begin() as tx:
            was = await _locked(tx, user)
            if version is not None and was.version != version:
                raise Outdated(f"{user} was changed meanwhile: read it again")
            values = _values(change, self._clock.now())
            if was.role == ADMIN and (change.role not in (None, ADMIN) or change.locked):
                await _another_admin(tx, user)
            await _update(tx, user, values)
            if change.locked:
                await tx.execute(delete(sign_ins).where(sign_ins.c.user == user))
            told: Detail = {"role": change.role, "locked": change.locked, "language": change.language}
            detail = {key: value for key, value in told.items() if value is not None}
            await self._note(tx, "user changed", user, {**detail, "renamed": change.name is not None})
            return await _read(tx, user)

    async def set_password(self, user: str, hashed: str, until: datetime | None = None) -> None:
        """Give a user a password, a one-time one with `until`; every browser is signed out."""
        async with self._work.begin() as tx:
            await _locked(tx, user)
            await _update(tx, user, {"password": hashed, "password_until": until})
            await tx.execute(delete(sign_ins).where(sign_ins.c.user == user))
            await self._note(tx, "password set", user, {"once": until is not None})

    async def remove(self, user: str) -> None:
        """Let a user in no more; the address is free again. Raises NoSuchUser, Refused for the last admin."""
        async with self._work.begin() as tx:
            was = await _locked(tx, user)
            if was.role == ADMIN:
                await _another_admin(tx, user)
            await _update(tx, user, {"removed_at": self._clock.now(), "password": None})
            for table in (sign_ins, passkeys, user_totp):
                await tx.execute(delete(table).where(table.c.user == user))
            await self._note(tx, "user removed", user, {})

    async def _one(self, this: Any) -> User | None:
        async with self._work.begin() as tx:
            row = (await tx.execute(QUERY.where(this))).mappings().first()
        return user_of(row) if row is not None else None

    async def _note(self, tx: AsyncConnection, action: str, user: str, detail: Detail) -> None:
        await append(tx, self._clock.now(), action, user, detail)


QUERY: Final[Select[Any]] = select(
    users,
    select(user_totp.c.confirmed_at.is_not(None))
    .where(user_totp.c.user == users.c.id)
    .scalar_subquery()
    .label("totp"),
    select(func.count())
    .select_from(passkeys)
    .where(passkeys.c.user == users.c.id)
    .scalar_subquery()
    .label("passkeys"),
).where(users.c.removed_at.is_(None))
"""Users with what they sign in by."""


def small(email: str) -> str:
    """An address as it is kept."""
    return storable(email).strip().lower()


def user_of(row: RowMapping) -> User:
    """The user in a row of QUERY."""
    return User(
        id=UserId(row["id"]),
        email=row["email"],
        name=row["name"],
        role=row["role"],
        language=row["language"],
        created_at=row["created_at"],
        password_until=row["password_until"],
        locked_at=row["locked_at"],
        totp=bool(row["totp"]),
        passkeys=row["passkeys"],
        version=row["version"],
    )


def _values(change: Change, now: datetime) -> dict[str, Any]:
    given = {"name": change.name, "role": change.role, "language": change.language}
    values: dict[str, Any] = {key: storable(value) for key, value in given.items() if value is not None}
    if change.locked is not None:
        values["locked_at"] = now if change.locked else None
    return values


async def _locked(tx: AsyncConnection, user: str) -> RowMapping:
    this = (_KEPT.id == user) & _KEPT.removed_at.is_(None)
    row = (await tx.execute(select(users).where(this).with_for_update())).mappings().first()
    if row is None:
        raise NoSuchUser(f"there is no user {user!r}")
    return row


async def _another_admin(tx: AsyncConnection, user: str) -> None:
    others = (_KEPT.role == ADMIN) & _KEPT.removed_at.is_(None) & _KEPT.locked_at.is_(None)
    rows = await tx.execute(select(_KEPT.id).where(others).order_by(_KEPT.id).with_for_update())
    if not set(rows.scalars()) - {user}:
        raise Refused(f"{user} is the last admin: make somebody else one first")


async def _update(tx: AsyncConnection, user: str, values: dict[str, Any]) -> None:
    await tx.execute(update(users).where(_KEPT.id == user).values({**values, "version": _KEPT.version + 1}))


async def _read(tx: AsyncConnection, user: str) -> User:
    return user_of((await tx.execute(QUERY.where(_KEPT.id == user))).mappings().one())
