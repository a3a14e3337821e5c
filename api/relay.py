"""SIP of browsers, carried between their WebSocket and the switch's (RFC 7118): one address serves all."""

from typing import Final

import anyio
import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse, WSMsgType, web

from core.errors import OutOfReach

log = structlog.get_logger(__name__)

_MESSAGE_BYTES: Final = 64 * 1024
_CONNECT: Final = ClientTimeout(total=5)
_SUBPROTOCOL: Final = "sip"
_HEARTBEAT_S: Final = 20.0

Socket = ClientWebSocketResponse | web.WebSocketResponse


async def carry(request: web.Request, url: str) -> web.WebSocketResponse:
    """Carry the messages of a browser to `url` and back until either side ends it; none is kept or logged.

    Raises OutOfReach while the switch takes no WebSocket there.
    """
    async with ClientSession(timeout=_CONNECT) as session:
        try:
            switch = await session.ws_connect(
                url, protocols=(_SUBPROTOCOL,), max_msg_size=_MESSAGE_BYTES, autoclose=True
            )
        except (ClientError, TimeoutError, OSError) as error:
            raise OutOfReach(f"the switch takes no telephones of browsers: {error}") from error
        browser = web.WebSocketResponse(
            protocols=(_SUBPROTOCOL,), max_msg_size=_MESSAGE_BYTES, heartbeat=_HEARTBEAT_S
        )
        await browser.prepare(request)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_pour, browser, switch, tasks.cancel_scope)
            await _pour(switch, browser, tasks.cancel_scope)
        with anyio.CancelScope(shield=True):
            await switch.close()
            await browser.close()
        return browser


async def _pour(source: Socket, target: Socket, both: anyio.CancelScope) -> None:
    """Hand on text and bytes; when the source ends, so does the other way."""
    try:
        async for message in source:
            match message.type:
                case WSMsgType.TEXT:
                    await target.send_str(message.data)
                case WSMsgType.BINARY:
                    await target.send_bytes(message.data)
                case _:
                    break
    except (ConnectionError, RuntimeError):
        log.info("a browser's telephone is gone")
    both.cancel()
