"""Whoever looks at the demonstration's page: an admin with a password that is made anew each time."""

from pathlib import Path
from typing import Final

from api.access.passwords import Passwords, one_time_password
from api.roles import Role
from core.clock import SystemClock
from db.engine import Work
from db.users import NoSuchUser, StoredUsers
from node.access import stores
from node.settings import read

EMAIL: Final = "demo@example.com"


async def visitor(settings: Path, url: str) -> str:
    """The password of the demonstration's user, who is made where there is none; earlier ones end."""
    clock, work = SystemClock(), Work(url)
    try:
        kept = stores(read(settings, {}), work, clock)
        password = one_time_password()
        user = await _found(kept.users)
        await kept.users.set_password(user, await Passwords().hash(password))
        await kept.tries.forget(EMAIL)
    finally:
        await work.close()
    return password


async def _found(users: StoredUsers) -> str:
    try:
        return (await users.named(EMAIL)).id
    except NoSuchUser:
        return (await users.add(EMAIL, "Demo Example", Role.ADMIN)).id
