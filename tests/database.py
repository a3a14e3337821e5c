"""A migrated database of somebody's own."""

from itertools import count

import psycopg

from node.parts.postgres import Postgres

_NUMBERS = count(1)


async def fresh(postgres: Postgres) -> str:
    """Its URL; it is a copy of `migrated`, which takes no time."""
    name = f"test_{next(_NUMBERS)}"
    async with await psycopg.AsyncConnection.connect(postgres.url(), autocommit=True) as connection:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated".encode())
    return postgres.url(name)
