"""Sealed names and numbers on the real PostgreSQL, with keys in a file and in SoftHSM."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random

import anyio
import anyio.to_thread
import psycopg
import pytest
from sqlalchemy import text, update

from core.clock import FixedClock
from core.errors import BadInput
from core.ids import CallId
from core.money import Money
from db import audit, migrate
from db.accounts import StoredAccounts
from db.bill_rows import BillRow
from db.bills import Imported, import_bills
from db.calls import StoredSessions
from db.engine import Work
from db.erase import erase
from db.keys import CannotOpen, Master, MasterLost, Wrapped
from db.keys_file import MasterFile
from db.keys_pkcs11 import MasterModule
from db.people import ERASED, People
from db.protect import Protected, plain_rows, protect
from db.rewrap import masters_in_use, rewrap
from db.tables import accounts
from ivr.sessions import Session
from node.parts.folder import local_folder
from node.parts.postgres import binaries
from node.parts.softhsm import new_token, softhsm

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

NAME, NUMBER, PHONE = "Robin Example", "87654321", "+15550100"
_RELEASE = Path(__file__).parents[1] / "releases" / "0.1.0.sql"
_LABELS = count(1)
_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SoftHSM with one empty token for all tests: the module reads its configuration once a process."""
    found = softhsm(local_folder(), lambda _doing, _done: None)
    new_token(found, tmp_path_factory.mktemp("softhsm"), "tests", "1234")
    return found


@pytest.fixture(params=["file", "pkcs11"])
def master(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Master]:
    if request.param == "file":
        yield MasterFile.made_at(tmp_path / "master.key")
        return
    kept = MasterModule(request.getfixturevalue("module"), "tests", "1234", f"line{next(_LABELS)}")
    yield kept
    kept.close()


@pytest.fixture
def people(master: Master, clock: FixedClock) -> People:
    return People(master, clock)


def _bill(
    number: str = NUMBER, callers: tuple[str, ...] = (PHONE,), name: str = NAME, line: int = 2
) -> BillRow:
    return BillRow(line, number, callers, name, Money(12550, "USD"), f"INV-{number}")


async def _import(work: Work, clock: FixedClock, people: People | None, *rows: BillRow) -> Imported:
    path = Path("bills.csv")
    return await import_bills(work, rows, path, clock, lambda _doing, _done: None, people=people)


async def _dump(url: str) -> str:
    return (
        await anyio.run_process([str(binaries() / "pg_dump"), "--data-only", "--inserts", url])
    ).stdout.decode()


def _call(number: int, caller: str = PHONE) -> Session:
    return Session(CallId(f"call_{number}"), "+12025550100", caller, "pay_bill", "node-1", _NOON)


async def test_a_sealed_customer_is_found_and_read_and_stands_nowhere_in_the_database(
    work: Work, url: str, clock: FixedClock, people: People
) -> None:
    await _import(work, clock, people, _bill())
    await StoredSessions(work, people).start(_call(1))
    stored = StoredAccounts(work, people)
    found = await stored.by_number(NUMBER)
    assert found is not None
    assert (found.number, found.due) == (NUMBER, Money(12550, "USD"))
    assert await stored.by_caller(PHONE) == found
    assert [(one.name, one.account) for one in await stored.all()] == [(NAME, found)]
    assert [one.caller for one in await StoredSessions(work, people).recent()] == [PHONE]
    dump = await _dump(url)
    assert [secret for secret in (NAME, f"'{NUMBER}'", PHONE) if secret in dump] == []


async def test_the_search_finds_what_is_not_sealed(work: Work, url: str, clock: FixedClock) -> None:
    await _import(work, clock, None, _bill())
    dump = await _dump(url)
    assert all(secret in dump for secret in (NAME, f"'{NUMBER}'", PHONE))


async def test_a_file_is_imported_again_and_a_new_name_counts(
    work: Work, clock: FixedClock, people: People
) -> None:
    other = replace(_bill("5550", (PHONE, "+15550101")), line=3)
    assert await _import(work, clock, people, _bill(), other) == Imported(2, 0)
    assert await _import(work, clock, people, _bill(), other) == Imported(0, 2)
    renamed = replace(_bill(name="Robin Sample"), invoice="INV-2")
    assert await _import(work, clock, people, renamed) == Imported(1, 0)
    stored = StoredAccounts(work, people)
    assert {one.name for one in await stored.all()} == {"Robin Sample", NAME}
    assert await stored.by_caller(PHONE) is None
    assert await stored.by_caller("+15550101") == await stored.by_number("5550")


async def test_an_import_tells_its_mistakes_with_the_numbers_of_the_file(
    work: Work, clock: FixedClock, people: People
) -> None:
    await _import(work, clock, people, _bill())
    in_euro = replace(_bill(), amount=Money(1, "EUR"), invoice="INV-9")
    with pytest.raises(BadInput, match=f"account {NUMBER} is kept in USD, not in EUR"):
        await _import(work, clock, people, in_euro)


async def test_a_value_that_is_moved_to_another_row_does_not_open(
    work: Work, clock: FixedClock, people: People
) -> None:
    await _import(work, clock, people, _bill(), replace(_bill("5550"), line=3))
    async with work.begin() as tx:
        one = (await tx.execute(text("SELECT name_sealed FROM accounts LIMIT 1"))).scalar_one()
        await tx.execute(update(accounts).values(name_sealed=one))
    with pytest.raises(CannotOpen, match=r"accounts\.name"):
        await StoredAccounts(work, people).all()


async def test_a_rotation_goes_on_beside_a_running_line(
    work: Work, clock: FixedClock, master: Master, people: People
) -> None:
    numbers = [str(10_000_000 + number) for number in range(2500)]
    await _import(work, clock, people, *(_bill(number, (), line=at) for at, number in enumerate(numbers, 2)))
    before, shown, chance = master.current, list[float](), Random(1)
    stored, rotated = StoredAccounts(work, People(master, clock)), anyio.Event()

    async def line() -> None:
        read = 0
        while not rotated.is_set() or read < 20:
            wanted = chance.choice(numbers)
            found = await stored.by_number(wanted)
            assert found is not None
            assert found.number == wanted
            await _import(work, clock, people, _bill(str(20_000_000 + read), ()))
            read += 1

    async with anyio.create_task_group() as group:
        group.start_soon(line)
        master.renew()
        done = await rewrap(work, master, clock, lambda _doing, part: shown.append(part))
        rotated.set()
    await rewrap(work, master, clock, lambda _doing, _part: None)
    assert done >= 2501
    assert shown == sorted(shown)
    assert shown[-1] == 1.0
    assert master.current != before
    assert await masters_in_use(work) == {master.current}


async def test_a_key_that_was_forgotten_opens_nothing_and_says_so(
    work: Work, clock: FixedClock, tmp_path: Path
) -> None:
    file = MasterFile.made_at(tmp_path / "master.key")
    await _import(work, clock, People(file, clock), _bill())
    old = file.current
    file.renew()
    other = StoredAccounts(work, People(MasterFile.made_at(tmp_path / "other.key"), clock))
    with pytest.raises(MasterLost, match="is not in"):
        await other.by_number(NUMBER)
    assert file.forget(await masters_in_use(work)) == []
    await rewrap(work, file, clock, lambda _doing, _part: None)
    assert file.forget(await masters_in_use(work)) == [old]
    assert await StoredAccounts(work, People(file, clock)).by_number(NUMBER) is not None


async def test_an_erased_person_is_gone_for_good_and_the_audit_tells(
    work: Work, url: str, clock: FixedClock, people: People
) -> None:
    shared = "+15550177"
    await _import(
        work, clock, people, _bill(callers=(PHONE, shared)), replace(_bill("5550", (shared,)), line=3)
    )
    await StoredSessions(work, people).start(_call(1))
    await StoredSessions(work, people).start(_call(2, shared))
    done = await erase(work, people, clock, NUMBER)
    assert done.callers == 1
    stored, again = StoredAccounts(work, people), StoredAccounts(work, People(_master(people), clock))
    for one in (stored, again):
        assert await one.by_number(NUMBER) is None
        assert await one.by_caller(PHONE) is None
        assert {bill.name for bill in await one.all()} == {ERASED, NAME}
    assert {call.caller for call in await StoredSessions(work, people).recent()} == {"", shared}
    dump = await _dump(url)
    assert "person erased" in dump
    assert isinstance(await audit.verify(work), audit.Intact)
    async with work.begin() as tx:
        left = (await tx.execute(text("SELECT count(*) FROM data_keys WHERE wrapped IS NULL"))).scalar_one()
    assert left == 1
    with pytest.raises(BadInput, match="no account"):
        await erase(work, people, clock, NUMBER)


async def test_one_who_was_erased_and_calls_again_is_a_new_caller(
    work: Work, url: str, clock: FixedClock, people: People
) -> None:
    await _import(work, clock, people, _bill())
    calls = StoredSessions(work, people)
    await calls.start(_call(1))
    await erase(work, people, clock, NUMBER)
    await calls.start(_call(2))
    assert {call.id: call.caller for call in await calls.recent()} == {"call_1": "", "call_2": PHONE}
    assert PHONE not in await _dump(url)


async def test_one_who_was_erased_and_comes_back_is_a_new_customer(
    work: Work, clock: FixedClock, people: People
) -> None:
    await _import(work, clock, people, _bill())
    await erase(work, people, clock, NUMBER)
    await _import(work, clock, people, replace(_bill(callers=()), invoice="INV-2"))
    assert {one.name for one in await StoredAccounts(work, people).all()} == {ERASED, NAME}


async def test_what_an_older_release_wrote_is_read_sealed_and_read_again(
    empty: str, clock: FixedClock, master: Master
) -> None:
    psql = [str(binaries() / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", f"--file={_RELEASE}", empty]
    await anyio.run_process(psql, stdout=subprocess.DEVNULL)
    async with await psycopg.AsyncConnection.connect(empty) as old:
        await old.execute(f"INSERT INTO accounts VALUES ('acct_7', '{NUMBER}', '{NAME}', 'USD')".encode())
        await old.execute(f"INSERT INTO account_callers VALUES ('{PHONE}', 'acct_7')".encode())
    await anyio.to_thread.run_sync(migrate.upgrade, empty)
    work, people = Work(empty), People(master, clock)
    try:
        stored, calls = StoredAccounts(work, people), StoredSessions(work, people)
        before = (await stored.by_number(NUMBER), await stored.by_caller(PHONE), await calls.recent())
        assert before[0] is not None
        assert await plain_rows(work) == 3
        shown: list[tuple[str, float]] = []
        done = await protect(work, people, clock, lambda doing, part: shown.append((doing, part)))
        assert done == Protected(1, 1, 1)
        assert shown[-1] == ("sealing calls", 1.0)
        assert await plain_rows(work) == 0
        after = (await stored.by_number(NUMBER), await stored.by_caller(PHONE), await calls.recent())
        assert after == before
        assert await protect(work, people, clock, lambda _doing, _part: None) == Protected(0, 0, 0)
        dump = await _dump(empty)
        assert [secret for secret in (NAME, f"'{NUMBER}'", PHONE) if secret in dump] == []
    finally:
        await work.close()


async def test_what_is_not_sealed_yet_is_not_erased(work: Work, clock: FixedClock, people: People) -> None:
    await _import(work, clock, None, _bill())
    with pytest.raises(BadInput, match="keys protect"):
        await erase(work, people, clock, NUMBER)


async def test_a_data_key_does_not_open_for_another_person(master: Master) -> None:
    wrapped = master.wrap(b"k" * 32, "account:1")
    assert master.unwrap(wrapped, "account:1") == b"k" * 32
    with pytest.raises(CannotOpen, match="account:2"):
        master.unwrap(wrapped, "account:2")
    with pytest.raises(MasterLost):
        master.unwrap(Wrapped("nobody-7", wrapped.bytes), "account:1")


async def test_a_master_key_in_a_module_cannot_be_taken_out(module: Path) -> None:
    import pkcs11  # noqa: PLC0415 - after the token was made

    kept = MasterModule(module, "tests", "1234", f"line{next(_LABELS)}")
    [key] = kept._keys.values()
    with pytest.raises((pkcs11.exceptions.AttributeSensitive, pkcs11.exceptions.AttributeTypeInvalid)):
        _ = key[pkcs11.Attribute.VALUE]
    kept.close()


async def test_a_module_that_refuses_is_told_with_what_to_look_at(module: Path, tmp_path: Path) -> None:
    for path, token, pin in (
        (module, "tests", "9999"),
        (module, "none", "1234"),
        (tmp_path, "tests", "1234"),
    ):
        with pytest.raises(BadInput, match=r"keys\.pkcs11_pin"):
            MasterModule(path, token, pin, "line")


async def test_a_file_of_keys_is_its_owner_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    name = MasterFile.made_at(path).current
    assert path.stat().st_mode & 0o077 == 0
    assert MasterFile.made_at(path).current == name
    path.chmod(0o640)
    with pytest.raises(BadInput, match="chmod 600"):
        MasterFile.made_at(path)
    path.chmod(0o600)
    path.write_text("{}")
    with pytest.raises(BadInput, match="no file of master keys"):
        MasterFile(path)


def _master(people: People) -> Master:
    return people._master
