"""Migrations: up from nothing and from each release, by a plain role, by nodes at once, true to the code."""

import subprocess
from pathlib import Path

import anyio
import anyio.to_thread
import psycopg
import pytest
from sqlalchemy import text

from core.errors import StoreLost
from db import migrate, release
from db.engine import Work
from node.parts.postgres import Postgres, binaries

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_RELEASES = sorted(Path(__file__).parents[1].glob("releases/*.sql"))


async def _upgrade(url: str) -> str:
    return await anyio.to_thread.run_sync(migrate.upgrade, url)


async def _schema(url: str) -> str:
    command = [str(binaries() / "pg_dump"), "--schema-only", "--no-owner", "--restrict-key=tests", url]
    return (await anyio.run_process(command)).stdout.decode()


async def test_an_empty_database_is_brought_to_this_release(empty: str) -> None:
    assert migrate.current(empty) is None
    assert migrate.check(empty) == [
        f"the database has revision None, this release needs {migrate.head()}: run `tellerline migrate`"
    ]
    assert await _upgrade(empty) == migrate.head() == migrate.current(empty)
    assert migrate.check(empty) == []


async def test_a_database_is_known_to_be_at_this_release_without_the_machinery(empty: str) -> None:
    assert release.newest() == migrate.head()
    assert not await anyio.to_thread.run_sync(release.is_current, empty)
    await _upgrade(empty)
    assert await anyio.to_thread.run_sync(release.is_current, empty)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alembic_version SET version_num = '0001'",
        "DELETE FROM jobs_schema WHERE step = (SELECT max(step) FROM jobs_schema)",
        "INSERT INTO payment_moves VALUES ('declined', 'captured')",
    ],
)
async def test_a_database_that_lacks_something_is_not_at_this_release(empty: str, change: str) -> None:
    await _upgrade(empty)
    async with await psycopg.AsyncConnection.connect(empty) as connection:
        await connection.execute(change)
    assert not await anyio.to_thread.run_sync(release.is_current, empty)


async def test_doing_it_again_does_nothing(empty: str) -> None:
    await _upgrade(empty)
    before = await _schema(empty)
    await _upgrade(empty)
    assert await _schema(empty) == before


async def test_the_tables_are_what_the_code_says(url: str) -> None:
    assert migrate.differences(url) == []


async def test_a_table_that_drifted_is_noticed(url: str, work: Work) -> None:
    async with work.begin() as tx:
        await tx.execute(text("ALTER TABLE calls ADD COLUMN extra integer"))
    assert len(migrate.differences(url)) == 1


@pytest.mark.parametrize("release", _RELEASES, ids=lambda release: release.stem)
async def test_each_release_is_brought_to_the_same_schema(empty: str, url: str, release: Path) -> None:
    psql = [str(binaries() / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", f"--file={release}", empty]
    await anyio.run_process(psql, stdout=subprocess.DEVNULL)
    await _upgrade(empty)
    assert migrate.check(empty) == []
    assert await _schema(empty) == await _schema(url)


def test_there_is_a_release_to_come_from() -> None:
    assert _RELEASES


async def test_a_role_that_only_owns_the_database_is_enough(postgres: Postgres) -> None:
    async with await psycopg.AsyncConnection.connect(postgres.url(), autocommit=True) as connection:
        await connection.execute("CREATE ROLE plain LOGIN NOSUPERUSER")
        await connection.execute("CREATE DATABASE owned OWNER plain")
    url = postgres.url("owned").replace("//tellerline@", "//plain@")
    await _upgrade(url)
    work = Work(url)
    async with work.begin() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM calls"))).scalar() == 0
    await work.close()


async def test_two_nodes_that_start_at_once_take_turns(empty: str) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(_upgrade, empty)
    assert migrate.check(empty) == []


async def test_a_job_schema_that_lacks_a_step_is_noticed(url: str, work: Work) -> None:
    async with work.begin() as tx:
        await tx.execute(text("DELETE FROM jobs_schema WHERE step LIKE '03.04.00_50%'"))
    (fault,) = migrate.check(url)
    assert fault.startswith("the table of jobs lacks 03.04.00_50")


async def test_moves_that_the_code_no_longer_allows_are_noticed_and_mended(url: str, work: Work) -> None:
    async with work.begin() as tx:
        await tx.execute(text("INSERT INTO payment_moves VALUES ('declined', 'captured')"))
    (fault,) = migrate.check(url)
    assert fault.startswith("payment_moves differs")
    await _upgrade(url)
    assert migrate.check(url) == []


def test_a_database_that_is_not_there_is_told_in_words() -> None:
    with pytest.raises(StoreLost, match=r"gone at 127\.0\.0\.1 does not answer"):
        migrate.check("postgresql://tellerline@127.0.0.1:19699/gone")
