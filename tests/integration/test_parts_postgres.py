"""The embedded PostgreSQL: started, killed, restarted, shared."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import psycopg
import pytest

from core.errors import StoreLost
from node.parts.errors import NotStarted
from node.parts.postgres import Postgres, binaries
from node.parts.process import launch

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.fixture
async def postgres(tmp_path: Path) -> AsyncIterator[Postgres]:
    async with Postgres(tmp_path / "postgres", durable=False) as postgres:
        yield postgres


async def _ask(url: str, question: str) -> object:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        answer = await connection.execute(question.encode())
        row = await answer.fetchone() if answer.description else None
        return row[0] if row else None


async def test_it_is_postgresql_18_in_utf8_and_utc(postgres: Postgres) -> None:
    assert str(await _ask(postgres.url(), "SHOW server_version")).startswith("18")
    assert await _ask(postgres.url(), "SHOW server_encoding") == "UTF8"
    assert await _ask(postgres.url(), "SHOW timezone") == "UTC"


async def test_it_listens_on_no_network(postgres: Postgres) -> None:
    assert await _ask(postgres.url(), "SHOW listen_addresses") == ""


async def test_it_does_not_run_as_root(postgres: Postgres) -> None:
    assert Path(f"/proc/{postgres.pid}").stat().st_uid != 0


async def test_a_database_is_made_once(postgres: Postgres) -> None:
    url = await postgres.create("calls")
    assert await postgres.create("calls") == url
    assert await _ask(url, "SELECT current_database()") == "calls"


async def test_what_was_committed_survives_a_kill(postgres: Postgres) -> None:
    await _ask(postgres.url(), "CREATE TABLE facts AS SELECT 42 AS answer")
    await postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        await _ask(postgres.url(), "SELECT 1")
    await postgres.start()
    assert await _ask(postgres.url(), "SELECT answer FROM facts") == 42


async def test_its_end_can_be_waited_for(postgres: Postgres) -> None:
    os.kill(postgres.pid, 9)
    with anyio.fail_after(5):
        assert await postgres.ended() == -9


async def test_two_run_side_by_side(postgres: Postgres, tmp_path: Path) -> None:
    async with Postgres(tmp_path / "other", durable=False) as other:
        await _ask(other.url(), "CREATE TABLE only_here ()")
        assert await _ask(postgres.url(), "SELECT to_regclass('only_here')::text") is None


async def test_a_second_start_joins_and_its_stop_leaves_it_alone(postgres: Postgres, tmp_path: Path) -> None:
    guest = Postgres(tmp_path / "postgres")
    await guest.start()
    assert await _ask(guest.url(), "SELECT 1") == 1
    with pytest.raises(StoreLost):
        _ = guest.pid
    await guest.stop()
    assert await _ask(postgres.url(), "SELECT 1") == 1


async def test_what_a_dead_process_left_behind_is_ended(postgres: Postgres, tmp_path: Path) -> None:
    command = Path(f"/proc/{postgres.pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    owner = Path(f"/proc/{postgres.pid}").stat().st_uid
    await postgres.stop()
    become = (
        ["setpriv", f"--reuid={owner}", f"--regid={owner}", "--clear-groups"] if os.geteuid() == 0 else []
    )
    become += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"] if become else []
    left = await launch([*become, *map(os.fsdecode, command)], tmp_path / "left")
    pid_file = tmp_path / "postgres/data/postmaster.pid"
    while not pid_file.exists() or "ready" not in pid_file.read_text():  # noqa: ASYNC110
        await anyio.sleep(0.02)
    await postgres.start()
    with anyio.fail_after(5):
        assert await left.ended() == 0
    assert await _ask(postgres.url(), "SELECT 1") == 1


async def test_an_interrupted_beginning_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "postgres/data.new/base").mkdir(parents=True)
    async with Postgres(tmp_path / "postgres", durable=False) as postgres:
        assert await _ask(postgres.url(), "SELECT 1") == 1


async def test_a_durable_one_waits_for_the_disk(tmp_path: Path) -> None:
    async with Postgres(tmp_path / "postgres") as postgres:
        assert await _ask(postgres.url(), "SHOW fsync") == "on"
        assert await _ask(postgres.url(), "SHOW synchronous_commit") == "on"


async def test_a_path_too_long_for_a_socket_serves_too(tmp_path: Path) -> None:
    async with Postgres(tmp_path / ("deep" * 25), durable=False) as postgres:
        assert await _ask(postgres.url(), "SELECT 1") == 1


async def test_data_of_another_version_is_refused(postgres: Postgres, tmp_path: Path) -> None:
    await postgres.stop()
    (tmp_path / "postgres/data/PG_VERSION").write_text("16\n")
    with pytest.raises(NotStarted, match="written by PostgreSQL 16"):
        await postgres.start()


def test_the_wheel_brings_the_tools_too() -> None:
    assert {"pg_dump", "psql", "initdb"} <= {file.name for file in binaries().iterdir()}
