"""Messages from node to node over the database that all of them share: nothing of them is written down.

Each node hears a channel of its own (LISTEN, NOTIFY). A message longer than a notice comes in pieces, in one
transaction, so that they arrive together and in order.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Final
from uuid import uuid4

import anyio
import psycopg
import structlog
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus
from sqlalchemy import text

from core.errors import StoreLost
from db.engine import Work, place, plain_url
from db.listening import listen

log = structlog.get_logger(__name__)

_PIECE: Final = 7_000  # characters; a notice has room for 7,999 bytes
_LOOK_S: Final = 10.0
_AGAIN_S: Final = 0.5
_MOST_OPEN: Final = 1_000

# Nothing is lost with a server that falls: nobody waits for the disk.
_NOTIFY: Final = text("""
    SELECT set_config('synchronous_commit', 'off', true), pg_notify(:channel, piece)
      FROM unnest(CAST(:pieces AS text[])) WITH ORDINALITY AS told(piece, number) ORDER BY number
""")


class Between:
    """The post of one node. `run` belongs to the node's task group."""

    def __init__(self, work: Work, url: str, node: str) -> None:
        self._work, self._url, self._place = work, plain_url(url), place(url)
        self._channel = _channel(node)
        self._open: dict[str, str] = {}

    async def send(self, node: str, message: bytes) -> None:
        """Send it; whether the other node is there is not known. Raises StoreLost."""
        name, told = uuid4().hex, base64.b64encode(message).decode()
        cut = [told[at : at + _PIECE] for at in range(0, len(told), _PIECE)] or [""]
        pieces = [f"{name} {len(cut) - number} {piece}" for number, piece in enumerate(cut, start=1)]
        async with self._work.single() as tx:
            await tx.execute(_NOTIFY, {"channel": _channel(node), "pieces": pieces})

    async def run(
        self, hear: Callable[[bytes], None], *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED
    ) -> None:
        """Hand each message to `hear`, which must not wait, until cancelled; waits out a lost database."""
        while True:
            try:
                connection = await listen(self._url, self._channel, _LOOK_S)
            except (StoreLost, psycopg.OperationalError, TimeoutError) as lost:
                log.warning("other nodes are not heard: no database", database=self._place, why=str(lost))
                await anyio.sleep(_AGAIN_S)
                continue
            task_status.started()
            task_status = TASK_STATUS_IGNORED
            try:
                await self._hear(connection, hear)
            finally:
                with anyio.CancelScope(shield=True):
                    await connection.close()

    async def _hear(self, connection: psycopg.AsyncConnection, hear: Callable[[bytes], None]) -> None:
        try:
            while True:
                async for notice in connection.notifies(timeout=_LOOK_S):
                    message = self._piece(notice.payload)
                    if message is not None:
                        hear(message)
                await connection.execute("SELECT 1")  # a connection that hangs is found out
        except psycopg.OperationalError:
            log.warning("other nodes are not heard: the connection broke", database=self._place)

    def _piece(self, payload: str) -> bytes | None:
        """The message that is whole with this piece."""
        name, left, piece = payload.split(" ", 2)
        whole = self._open.pop(name, "") + piece
        if left == "0":
            return base64.b64decode(whole)
        self._open[name] = whole
        if len(self._open) > _MOST_OPEN:
            del self._open[next(iter(self._open))]
        return None


def _channel(node: str) -> str:
    """Names of nodes may be longer than those of channels."""
    return f"node_{hashlib.sha256(node.encode()).hexdigest()[:32]}"
