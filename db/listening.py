"""A connection of its own that hears what is notified on one channel of the database."""

from typing import Final

import anyio
import psycopg
from psycopg import sql

_CONNECT_S: Final = 5


async def listen(url: str, channel: str, within_s: float) -> psycopg.AsyncConnection:
    """Such a connection; `url` is as libpq wants it. Raises OperationalError, TimeoutError."""
    with anyio.fail_after(within_s):
        connection = await psycopg.AsyncConnection.connect(
            url,
            autocommit=True,
            connect_timeout=_CONNECT_S,
            application_name=f"tellerline {channel}",
            options="-c timezone=UTC",
        )
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
    return connection
