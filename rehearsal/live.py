"""Facts of a running line, over its HTTP interface: `GET /v1/live` (a WebSocket)."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import datetime
from types import UnionType
from typing import Any, get_args

import aiohttp
import anyio
import structlog

from core.events import Fact, Recorded
from rehearsal.watch import LineGone

log = structlog.get_logger(__name__)

_CONNECT_S = 10.0
_BEAT_S = 15.0
_FACTS: UnionType = Fact
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(_FACTS)}


class LiveWatch:
    """Watches the line at `url`, such as `http://127.0.0.1:8080`; `key` is what its API wants, or empty.

    `tls` says whose certificates are believed where the URL begins with https.
    """

    def __init__(self, url: str, key: str = "", tls: ssl.SSLContext | None = None) -> None:
        self._url, self._tls = url.rstrip("/"), tls or True
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    @asynccontextmanager
    async def follow(self) -> AsyncIterator[AsyncIterator[Recorded]]:
        """All facts of all calls that are told from now on, in order."""
        address = f"{self._url}/v1/live"
        async with aiohttp.ClientSession(headers=self._headers) as session:
            try:
                with anyio.fail_after(_CONNECT_S):
                    socket = await session.ws_connect(address, heartbeat=_BEAT_S, ssl=self._tls)
            except aiohttp.WSServerHandshakeError as problem:
                raise LineGone(f"{address} refused with {problem.status}: is the API key right?") from problem
            except (aiohttp.ClientError, OSError, TimeoutError) as problem:
                raise LineGone(f"no line answers at {address}: is `tellerline run` running?") from problem
            await socket.send_json({"topics": ["*"]})
            async with socket:
                yield _recorded(socket, address)


async def _recorded(socket: aiohttp.ClientWebSocketResponse, address: str) -> AsyncIterator[Recorded]:
    async for message in socket:
        if message.type is not aiohttp.WSMsgType.TEXT:
            break
        if (recorded := parse(message.json())) is not None:
            yield recorded
    raise LineGone(f"{address} closed the connection: did the line stop?")


def parse(told: dict[str, Any]) -> Recorded | None:
    """A fact as the line's API tells it; None for a kind that this version does not know."""
    kind = _KINDS.get(str(told.get("kind")))
    if kind is None:
        log.debug("fact of an unknown kind", kind=told.get("kind"))
        return None
    try:
        fact = kind(**{field.name: told[field.name] for field in fields(kind)})
        return Recorded(int(told["seq"]), datetime.fromisoformat(told["at"]), fact)
    except (KeyError, ValueError) as problem:
        raise LineGone(
            f"the line tells {told.get('kind')} otherwise than this version: {problem}"
        ) from problem
