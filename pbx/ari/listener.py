"""The server that Asterisk connects to: for its events (outbound WebSocket) and for the sound of calls."""

import hmac
from collections.abc import Awaitable, Callable

import anyio
import structlog
from aiohttp import web
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from core.errors import BadInput
from pbx.ari.socket import HEARTBEAT_S, MAX_MESSAGE_BYTES, AiohttpSocket, Socket, credentials

Query = dict[str, str]
Handler = Callable[[Socket, Query], Awaitable[None]]

log = structlog.get_logger(__name__)


class Listener:
    """Listens on one address. Asterisk must show the name and password of its `websocket_client.conf`."""

    def __init__(self, host: str, port: int, *, user: str, password: str) -> None:
        self._host, self._port = host, port
        self._credentials = credentials(user, password)
        self._app = web.Application()

    def serve(self, path: str, protocol: str, handler: Handler) -> None:
        """Hand every WebSocket that Asterisk opens there to the handler; it closes when that returns."""

        async def accept(request: web.Request) -> web.StreamResponse:
            if not self._knows(request):
                log.warning("a stranger was refused", path=path, peer=request.remote)
                return web.Response(status=401)
            websocket = web.WebSocketResponse(
                protocols=[protocol], heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES, compress=False
            )
            await websocket.prepare(request)
            transport = request.transport
            raw = transport.get_extra_info("socket") if transport else None
            await handler(AiohttpSocket(websocket, raw), dict(request.query))
            await websocket.close()
            return websocket

        self._app.router.add_get(path, accept)

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Listen until cancelled. Raises BadInput when the address cannot be had."""
        runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=1, handler_cancellation=True)
        await runner.setup()
        try:
            await self._start(runner)
            task_status.started()
            await anyio.sleep_forever()
        finally:
            with anyio.CancelScope(shield=True):
                await runner.cleanup()

    async def _start(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            where = f"{self._host}:{self._port}"
            raise BadInput(
                f"cannot listen for Asterisk on {where}: {error.strerror}; choose another"
            ) from error

    def _knows(self, request: web.Request) -> bool:
        shown = request.headers.get("Authorization", "")
        return hmac.compare_digest(shown.encode(), self._credentials.encode())
