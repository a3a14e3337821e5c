"""Facts as they happen, by topic, over a WebSocket: `GET /v1/live`.

The client sends `{"topics": ["calls", "call:ID"], "since": SEQ}`, at first and whenever it wants others. It
is told what was kept after that number (nothing without one), `{"kind": "caught_up", "seq": N}`, and then
each new fact once. Who comes back with the last number that it saw misses nothing.
"""

import asyncio
from typing import Final

import anyio
import structlog
from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import BaseModel, Field

from api.beats import Beats
from api.body import checked_json
from api.hub import Hub, Listener, framed, told, wanted
from api.problem import NotDone
from api.route import Asked, Route, Table
from api.schemas import Event
from api.scopes import Scope
from api.services import Services
from api.topics import call_of, check_topics
from core.errors import BadInput, StoreLost
from core.ids import CallId

log = structlog.get_logger(__name__)

_MESSAGE_BYTES: Final = 16 * 1024
_BATCH: Final = 500
_ASK_S: Final = 30.0
_DRAIN_S: Final = 5.0
_TOO_SLOW: Final = b"too slow: come again with since, the last seq that you saw"


class Wish(BaseModel, extra="forbid"):
    """What a client wants to hear: topics, and after which number; without one, what is new from now on."""

    topics: list[str] = Field(min_length=1, max_length=100)
    since: int | None = Field(None, ge=0, le=2**63 - 1)


def routes(services: Services) -> Table:
    """`/v1/live`."""
    hub, beats = Hub(), Beats()
    services.facts.watch(hub.tell)

    async def live(asked: Asked[None, None]) -> web.WebSocketResponse:
        transport = asked.request.transport
        socket = web.WebSocketResponse(autoping=False, compress=False, max_msg_size=_MESSAGE_BYTES)
        if not socket.can_prepare(asked.request).ok or transport is None:
            raise NotDone(426, "websocket_needed", "ask for a WebSocket", {"Upgrade": "websocket"})
        await socket.prepare(asked.request)
        await _Visit(services, hub, beats, socket, transport).run()
        return socket

    return [
        Route(
            "GET",
            "/v1/live",
            live,
            Scope.LIVE_READ,
            "Facts as they happen, by topic: a WebSocket (RFC 6455)",
            answer=Event,
            status=101,
            sensitive=True,
        )
    ]


class _Visit:
    """One client, from its coming to its going."""

    def __init__(
        self,
        services: Services,
        hub: Hub,
        beats: Beats,
        socket: web.WebSocketResponse,
        transport: asyncio.WriteTransport,
    ) -> None:
        self._services, self._hub, self._socket, self._transport = services, hub, socket, transport
        self._scope = anyio.CancelScope()
        self._listener = Listener(transport, self._scope.cancel)
        beats.enter(self._listener)

    async def run(self) -> None:
        """Serve it until it goes, or is let go."""
        code, why = WSCloseCode.OK, b""
        try:
            with self._scope:
                await self._serve()
            if self._scope.cancelled_caught:
                code, why = WSCloseCode.TRY_AGAIN_LATER, _TOO_SLOW
                log.info("live client let go, it did not read")
        except (BadInput, StoreLost) as error:
            code, why = WSCloseCode.POLICY_VIOLATION, str(error).encode()[:120]
            if isinstance(error, StoreLost):
                code = WSCloseCode.TRY_AGAIN_LATER
        finally:
            self._hub.leave(self._listener)
            await self._close(code, why)

    async def _serve(self) -> None:
        """Each message of the client is a wish."""
        while True:
            message = await self._socket.receive()
            self._listener.answered = True
            match message.type:
                case WSMsgType.PONG:
                    pass
                case WSMsgType.PING:
                    await self._socket.pong(message.data)
                case WSMsgType.TEXT:
                    await self._grant(checked_json(Wish, message.data.encode(), "the wish"))
                case WSMsgType.BINARY:
                    raise BadInput("a wish is JSON in a text message")
                case _:
                    return

    async def _grant(self, wish: Wish) -> None:
        topics = check_topics(wish.topics)
        self._listener.wait()
        self._hub.enter(self._listener, topics)
        last = await self._services.facts.newest()
        if wish.since is not None:
            last = await self._tell_kept(wish.since, topics)
        self._listener.caught_up(last, framed({"kind": "caught_up", "seq": last}))

    async def _tell_kept(self, since: int, topics: frozenset[str]) -> int:
        """What was kept after a number; the number of the last that was looked at."""
        calls = {call_of(topic) for topic in topics}
        only = CallId(calls.pop()) if len(calls) == 1 and "" not in calls else None
        while kept := await self._services.facts.read_after(since, only, _BATCH):
            for recorded in wanted(kept, topics):
                with anyio.fail_after(_DRAIN_S):
                    await self._socket.send_json(told(recorded))
            since = kept[-1].seq
        return since

    async def _close(self, code: int, why: bytes) -> None:
        """Say good-bye, and do not wait for long until it is read."""
        with anyio.move_on_after(_DRAIN_S, shield=True) as limit:
            await self._socket.close(code=code, message=why)
        if limit.cancelled_caught:
            self._transport.abort()
