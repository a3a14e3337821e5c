"""Users, sign-ins, factors and keys on the real PostgreSQL: counted together, used once, ended everywhere."""

from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from sqlalchemy import text

from api.access import totp
from core.clock import FixedClock
from core.errors import BadInput, Outdated, Refused
from db.access_trail import AccessTrail
from db.actor import Actor, acting
from db.api_keys import StoredApiKeys
from db.audit import Intact, verify
from db.audit_list import AuditFilter, AuditList
from db.engine import Work
from db.factors import StoredFactors
from db.keys_file import MasterFile
from db.people import People
from db.sign_ins import IDLE, Browser, StoredSignIns
from db.tries import LOCKED, MOST, StoredTries
from db.users import Change, NoSuchUser, StoredUsers, User

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_BROWSER = Browser("192.0.2.7", "Example/1.0")


@pytest.fixture
def people(tmp_path: Path, clock: FixedClock) -> People:
    return People(MasterFile.made_at(tmp_path / "master.key"), clock)


async def _robin(work: Work, clock: FixedClock, role: str = "admin") -> User:
    return await StoredUsers(work, clock).add("Robin@Example.com", "Robin Example", role)


async def test_an_address_belongs_to_one_user_however_it_is_written(work: Work, clock: FixedClock) -> None:
    robin, users = await _robin(work, clock), StoredUsers(work, clock)
    assert robin.email == "robin@example.com"
    with pytest.raises(BadInput, match="somebody has the address"):
        await users.add("ROBIN@example.COM", "", "agent")
    assert (await users.named(" Robin@EXAMPLE.com ")).id == robin.id


async def test_the_last_admin_is_neither_removed_nor_locked_nor_made_another(
    work: Work, clock: FixedClock
) -> None:
    robin, users = await _robin(work, clock), StoredUsers(work, clock)
    for change in (Change(role="agent"), Change(locked=True)):
        with pytest.raises(Refused, match="last admin"):
            await users.change(robin.id, change)
    with pytest.raises(Refused, match="last admin"):
        await users.remove(robin.id)


async def test_of_two_admins_who_remove_each_other_at_once_one_stays(work: Work, clock: FixedClock) -> None:
    users = StoredUsers(work, clock)
    both = [await users.add(f"{name}@example.com", "", "admin") for name in ("robin", "sam")]
    refused: list[Refused] = []

    async def remove(user: User) -> None:
        try:
            await users.remove(user.id)
        except Refused as error:
            refused.append(error)

    async with anyio.create_task_group() as tasks:
        for user in both:
            tasks.start_soon(remove, user)
    assert (len(refused), len(await users.page(None, 10))) == (1, 1)


async def test_a_change_of_an_older_version_is_refused(work: Work, clock: FixedClock) -> None:
    robin, users = await _robin(work, clock), StoredUsers(work, clock)
    changed = await users.change(robin.id, Change(name="Robin"), robin.version)
    assert changed.version == robin.version + 1
    with pytest.raises(Outdated):
        await users.change(robin.id, Change(name="R."), robin.version)


async def test_a_removed_user_is_gone_and_the_address_free(work: Work, clock: FixedClock) -> None:
    await _robin(work, clock)
    users = StoredUsers(work, clock)
    sam = await users.add("sam@example.com", "", "agent")
    cookie = await StoredSignIns(work, clock).begin(sam, _BROWSER, whole=True)
    await users.remove(sam.id)
    assert await StoredSignIns(work, clock).find(cookie) is None
    with pytest.raises(NoSuchUser):
        await users.named("sam@example.com")
    assert (await users.add("sam@example.com", "", "agent")).id != sam.id


async def test_a_browser_that_is_silent_for_15_minutes_is_signed_out(work: Work, clock: FixedClock) -> None:
    sign_ins, robin = StoredSignIns(work, clock), await _robin(work, clock)
    cookie = await sign_ins.begin(robin, _BROWSER, whole=True)
    for _ in range(5):
        clock.advance(IDLE - timedelta(seconds=31))
        assert await sign_ins.find(cookie) is not None
    clock.advance(IDLE)
    assert await sign_ins.find(cookie) is None


async def test_however_busy_a_browser_is_signed_out_after_12_hours(work: Work, clock: FixedClock) -> None:
    sign_ins, robin = StoredSignIns(work, clock), await _robin(work, clock)
    cookie = await sign_ins.begin(robin, _BROWSER, whole=True)
    for _ in range(12 * 6 - 1):
        clock.advance(timedelta(minutes=10))
        assert await sign_ins.find(cookie) is not None
    clock.advance(timedelta(minutes=10))
    assert await sign_ins.find(cookie) is None


async def test_only_hashes_of_cookies_and_keys_and_no_secret_of_an_app_are_in_the_database(
    work: Work, clock: FixedClock, people: People
) -> None:
    robin, secret = await _robin(work, clock), totp.new_secret()
    cookie = await StoredSignIns(work, clock).begin(robin, _BROWSER, whole=True)
    _, key = await StoredApiKeys(work, people, clock).add("billing", ["ledger:read"], robin.id)
    factors, codes = StoredFactors(work, people, clock), totp.recovery_codes()
    await factors.begin_totp(robin.id, secret)
    assert await factors.confirm_totp(robin.id, 1, codes)
    everything = await _dump(work)
    assert "robin@example.com" in everything  # the search would find what is there
    for hidden in (cookie, key, key[7:], secret, codes[0]):
        assert hidden not in everything
        assert hidden.encode().hex() not in everything


async def _dump(work: Work) -> str:
    tables = ("users", "sign_ins", "api_keys", "user_totp", "recovery_codes", "sign_in_tries", "audit")
    told = []
    async with work.begin() as tx:
        for table in tables:
            told += [str(row[0]) for row in await tx.execute(text(f"SELECT t::text FROM {table} t"))]
    return "\n".join(told)


async def test_ten_tries_are_looked_at_even_when_a_hundred_come_at_once(
    work: Work, clock: FixedClock, people: People
) -> None:
    tries, looked_at = StoredTries(work, people, clock), 0

    async def attempt() -> None:
        nonlocal looked_at
        if await tries.count("robin@example.com") is None:
            looked_at += 1

    async with anyio.create_task_group() as tasks:
        for _ in range(100):
            tasks.start_soon(attempt)
    assert looked_at == MOST
    assert await tries.count("ROBIN@example.com") == clock.now() + LOCKED
    clock.advance(LOCKED)
    assert await tries.count("robin@example.com") is None


async def test_a_lock_is_not_made_longer_by_trying_on_and_ends_when_an_admin_says_so(
    work: Work, clock: FixedClock, people: People
) -> None:
    tries = StoredTries(work, people, clock)
    for _ in range(MOST + 1):
        until = await tries.count("robin@example.com")
    clock.advance(timedelta(minutes=5))
    assert await tries.count("robin@example.com") == until
    assert await tries.forget("robin@example.com")
    assert await tries.count("robin@example.com") is None


async def test_of_one_code_sent_many_times_at_once_one_is_taken(
    work: Work, clock: FixedClock, people: People
) -> None:
    robin, factors = await _robin(work, clock), StoredFactors(work, people, clock)
    await factors.begin_totp(robin.id, totp.new_secret())
    codes, taken = totp.recovery_codes(), []
    assert await factors.confirm_totp(robin.id, 7, codes)
    assert not await factors.use_step(robin.id, 7)

    async def use() -> None:
        taken.append((await factors.use_step(robin.id, 8), await factors.use_recovery(robin.id, codes[3])))

    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(use)
    assert (sum(one for one, _ in taken), sum(one for _, one in taken)) == (1, 1)
    assert not await factors.use_step(robin.id, 6)


async def test_a_rotated_key_is_taken_beside_the_new_one_for_a_while(
    work: Work, clock: FixedClock, people: People
) -> None:
    keys = StoredApiKeys(work, people, clock)
    key, old = await keys.add("billing", ["ledger:read"], "command line", timedelta(days=30))
    new = await keys.rotate(key.id, timedelta(hours=1))
    assert [one.id for one in (await keys.presented(old), await keys.presented(new)) if one] == [key.id] * 2
    clock.advance(timedelta(hours=1))
    assert await keys.presented(old) is None
    assert await keys.presented(new) is not None
    clock.advance(timedelta(days=30))
    assert await keys.presented(new) is None


async def test_a_revoked_key_ends_with_its_older_secret(
    work: Work, clock: FixedClock, people: People
) -> None:
    keys = StoredApiKeys(work, people, clock)
    key, old = await keys.add("billing", ["ledger:read"], "command line")
    new = await keys.rotate(key.id, timedelta(hours=1))
    await keys.revoke(key.id)
    assert (await keys.presented(old), await keys.presented(new), await keys.standing(key.id)) == (None,) * 3
    with pytest.raises(BadInput, match="no key"):
        await keys.rotate(key.id, timedelta(0))


async def test_the_audit_log_names_the_users_and_keys_that_acted_and_finds_them_by_name(
    work: Work, clock: FixedClock, people: People
) -> None:
    robin = await _robin(work, clock)
    key, _ = await StoredApiKeys(work, people, clock).add("billing", ["ledger:read"], "command line")
    trail, log = AccessTrail(work, clock), AuditList(work)
    for who in (robin.id, key.id, "command line"):
        await trail.note(Actor(who, "192.0.2.8"), "api read", "/v1/calls", {})
    told = [(one.by, one.name) for one in await log.page(AuditFilter(action="api read"), 10)]
    assert told == [("command line", ""), (key.id, "billing"), (robin.id, robin.email)]
    for name, by in ((robin.email.upper(), robin.id), (key.id, key.id), ("billing", key.id)):
        found = await log.page(AuditFilter(action="api read", by=name), 10)
        assert [one.by for one in found] == [by], name


async def test_the_audit_log_says_who_acts_and_from_where(work: Work, clock: FixedClock) -> None:
    with acting(Actor("user_1", "192.0.2.7")):
        await _robin(work, clock)
    await AccessTrail(work, clock).note(Actor("key_1", "192.0.2.8"), "api read", "/v1/audit", {})
    log = AuditList(work)
    told = [(one.action, one.by, one.address) for one in await log.page(AuditFilter(), 10)]
    assert told == [("api read", "key_1", "192.0.2.8"), ("user added", "user_1", "192.0.2.7")]
    assert [one.seq for one in await log.page(AuditFilter(by="user_1"), 10)] == [1]
    assert [one.seq for one in await log.page(AuditFilter(until=clock.now()), 10)] == []
    assert [one.seq for one in await log.page(AuditFilter(), 10, before=2)] == [1]
    assert isinstance(await verify(work), Intact)
