"""Accounts by the number that callers key in, sealed or not."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.people import People
from db.places import NUMBER
from db.tables import accounts


async def numbered(tx: AsyncConnection, number: str, people: People | None) -> list[str]:
    """The ids of the accounts with that number."""
    is_number = accounts.c.number == number
    if people is not None:
        is_number |= accounts.c.number_index == await people.index(tx, NUMBER, number)
    return list((await tx.execute(select(accounts.c.id).where(is_number))).scalars())
