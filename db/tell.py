"""Facts told by a store, in the transaction of the change that they tell of."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import Fact
from db.fact_rows import insert_rows, to_row


class Teller:
    """One store's voice; `name` says whose."""

    def __init__(self, name: str) -> None:
        self._name = f"{name} {uuid4().hex}"
        self._told = 0

    async def tell(self, tx: AsyncConnection, fact: Fact, at: datetime) -> None:
        """Write a fact; it is there when the transaction is."""
        self._told += 1
        await insert_rows(tx, [to_row(fact, at, self._name, self._told)])
