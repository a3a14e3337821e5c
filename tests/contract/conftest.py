"""For each test of a stored thing a migrated database of its own."""

from collections.abc import AsyncIterator
from itertools import count

import psycopg
import pytest

from db.engine import Work
from node.parts.postgres import Postgres

_NUMBERS = count(1)


@pytest.fixture
async def work(postgres: Postgres) -> AsyncIterator[Work]:
    name = f"contract_{next(_NUMBERS)}"
    async with await psycopg.AsyncConnection.connect(postgres.url(), autocommit=True) as connection:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated".encode())
    work = Work(postgres.url(name))
    yield work
    await work.close()
