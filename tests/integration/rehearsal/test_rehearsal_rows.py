"""Rows read from a real PostgreSQL."""

from pathlib import Path

import psycopg
import pytest

from core.errors import BadInput, StoreLost
from node.parts.postgres import Postgres
from node.rehearsal_rows import database_rows

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

TABLES = """
CREATE TABLE payments (id text, call text, state text, amount_minor bigint, test boolean, note text);
INSERT INTO payments VALUES ('p1', 'c1', 'captured', 12550, true, NULL);
INSERT INTO payments VALUES ('p2', 'c2', 'declined', 1, false, 'x');
"""


async def test_rows_are_found_as_text_and_never_written(tmp_path: Path) -> None:
    async with Postgres(tmp_path / "pg", durable=False) as postgres:
        url = await postgres.create("rehearsed")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(TABLES)

        async with database_rows(url) as rows:
            found = await rows.find(
                "payments", {"call": "c1", "amount_minor": "12550"}, ["state", "test", "note"]
            )
            assert found == [{"state": "captured", "test": "true", "note": ""}]
            assert len(await rows.find("payments", {}, [])) == 2
            with pytest.raises(BadInput, match="no column `stat`; did you mean state"):
                await rows.find("payments", {"stat": "captured"}, [])
            with pytest.raises(BadInput, match="cannot look at the table `paiments`; did you mean payments"):
                await rows.find("paiments", {}, [])
            with pytest.raises(BadInput, match="has no table `calls`: was `tellerline migrate`"):
                await rows.find("calls", {}, [])
            assert await rows.find("payments", {"call": "'; DROP TABLE payments; --"}, []) == []


async def test_a_database_that_is_not_there_is_told() -> None:
    async with database_rows("postgresql://nobody@127.0.0.1:19741/none") as rows:
        with pytest.raises(StoreLost, match="does not answer"):
            await rows.find("payments", {}, [])


async def test_what_is_no_database_url_is_told() -> None:
    with pytest.raises(BadInput, match="postgresql://"):
        async with database_rows("nonsense"):
            pytest.fail("it was taken")
