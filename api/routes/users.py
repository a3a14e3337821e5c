"""Users, below `/v1/users`: who they are, their role, a lock, and a new one-time password."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web
from pydantic import BaseModel, Field

from api.access.passwords import Passwords, one_time_password
from api.access.rights import check_no_wider, scopes_of_role
from api.etag import told_with_version, version_of
from api.paging import ListQuery, Page, page_of
from api.problem import NoSuch
from api.roles import Role
from api.route import Asked, Route, Table
from api.scopes import Scope
from api.who import Who
from core.clock import Clock
from db.factors import StoredFactors
from db.pages import Place
from db.passkeys import StoredPasskeys
from db.tries import StoredTries
from db.users import Change, StoredUsers, User

ONCE: Final = timedelta(hours=72)
"""How long a one-time password opens the door."""

_EMAIL: Final = r"^[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,189}$"
_NAME: Final = r"^[^\x00-\x1f\x7f]*$"


@dataclass(frozen=True, slots=True)
class Staff:
    """What these routes work with."""

    users: StoredUsers
    tries: StoredTries
    factors: StoredFactors
    passkeys: StoredPasskeys
    passwords: Passwords
    clock: Clock


class UserOrder(BaseModel, extra="forbid"):
    """A new user."""

    email: str = Field(pattern=_EMAIL, max_length=254)
    name: str = Field("", max_length=100, pattern=_NAME)
    role: Role
    language: str = Field("en", pattern="^[a-z]{2}(-[A-Z]{2})?$")


class UserChange(BaseModel, extra="forbid"):
    """What is to be another; what is left out stays."""

    name: str | None = Field(None, max_length=100, pattern=_NAME)
    role: Role | None = None
    language: str | None = Field(None, pattern="^[a-z]{2}(-[A-Z]{2})?$")
    locked: bool | None = Field(None, description="false also ends a lock after wrong tries")


class UserOut(BaseModel):
    """A user. `locked_at`: by an admin; `tries_locked_until`: after wrong tries, told of one user alone."""

    id: str
    email: str
    name: str
    role: str
    language: str
    totp: bool
    passkeys: int
    created_at: datetime
    locked_at: datetime | None
    password_until: datetime | None
    tries_locked_until: datetime | None = None

    @classmethod
    def of(cls, user: User, until: datetime | None = None) -> "UserOut":
        """This user."""
        shown = cls.model_validate(user, from_attributes=True)
        return shown.model_copy(update={"tries_locked_until": until})


class UserMade(UserOut):
    """A user with a one-time password, which is shown once."""

    password: str


def routes(staff: Staff) -> Table:
    """The routes below `/v1/users`."""
    users = staff.users

    async def listed(asked: Asked[ListQuery, None]) -> Page[UserOut]:
        found = await users.page(asked.query.place(), asked.query.limit)
        return page_of(found, asked.query.limit, UserOut.of, _place)

    async def add(asked: Asked[None, UserOrder]) -> web.Response:
        order = asked.body
        check_no_wider(asked.who, scopes_of_role(order.role))
        user = await users.add(order.email, order.name, order.role, order.language)
        return await _with_password(staff, user, 201)

    async def show(asked: Asked[None, None]) -> web.Response:
        user = await _found(users, asked.part("id"))
        shown = UserOut.of(user, await staff.tries.locked_until(user.email))
        return told_with_version(shown, user.version)

    async def change(asked: Asked[None, UserChange]) -> web.Response:
        version, given = version_of(asked.request), asked.body
        user = await _within_rights(users, asked.who, asked.part("id"))
        if given.role is not None:
            check_no_wider(asked.who, scopes_of_role(given.role))
        wanted = Change(given.name, given.role, given.language, given.locked)
        user = await users.change(user.id, wanted, version)
        if given.locked is False:
            await staff.tries.forget(user.email)
        return told_with_version(UserOut.of(user), user.version)

    async def remove(asked: Asked[None, None]) -> None:
        user = await _within_rights(users, asked.who, asked.part("id"))
        await users.remove(user.id)

    async def reset(asked: Asked[None, None]) -> web.Response:
        user = await _within_rights(users, asked.who, asked.part("id"))
        await staff.factors.remove_totp(user.id)
        await staff.passkeys.remove(user.id)
        await staff.tries.forget(user.email)
        return await _with_password(staff, user, 200)

    read, write, at = Scope.USERS_READ, Scope.USERS_WRITE, "/v1/users"
    one = f"{at}/{{id}}"
    return [
        Route("GET", at, listed, read, "Who works here", query=ListQuery, answer=Page[UserOut], csv=True),
        Route(
            "POST",
            at,
            add,
            write,
            "Add a user; the answer has a one-time password",
            body=UserOrder,
            answer=UserMade,
            status=201,
        ),
        Route("GET", one, show, read, "One user", answer=UserOut, edits=True),
        Route("PATCH", one, change, write, "Change a user", body=UserChange, answer=UserOut, edits=True),
        Route("DELETE", one, remove, write, "Let a user in no more", status=204),
        Route(
            "POST",
            f"{one}/reset",
            reset,
            write,
            "A one-time password; second factors are removed",
            answer=UserMade,
        ),
    ]


async def give_one_time_password(users: StoredUsers, passwords: Passwords, user: User, clock: Clock) -> str:
    """A new one-time password of a user; it is good for ONCE."""
    password = one_time_password()
    await users.set_password(user.id, await passwords.hash(password), clock.now() + ONCE)
    return password


async def _with_password(staff: Staff, user: User, status: int) -> web.Response:
    password = await give_one_time_password(staff.users, staff.passwords, user, staff.clock)
    user = await staff.users.named(user.email)
    return told_with_version(UserMade(**dict(UserOut.of(user)), password=password), user.version, status)


async def _found(users: StoredUsers, name: str) -> User:
    user = await users.find(name)
    if user is None:
        raise NoSuch("user", name)
    return user


async def _within_rights(users: StoredUsers, who: Who, name: str) -> User:
    """A user who may do nothing that the one who asks may not: nobody takes over somebody mightier."""
    user = await _found(users, name)
    check_no_wider(who, scopes_of_role(user.role))
    return user


def _place(user: User) -> Place:
    return Place(user.created_at, user.id)
