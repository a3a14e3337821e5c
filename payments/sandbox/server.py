"""The emulator as an HTTPS server: any dialect, with troubles and webhooks."""

import json
import ssl
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Self

import anyio
import anyio.lowlevel
import structlog
from aiohttp import web
from anyio.abc import TaskGroup

from core.errors import BadInput
from payments.sandbox.bell import Bell
from payments.sandbox.dialect import Answer, Call, Dialect, Hook, Route
from payments.sandbox.faults import Fault, Trouble, Troubles, read

log = structlog.stdlib.get_logger(__name__)

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_FAILED = frozenset({Fault.ERROR_500, Fault.OUTAGE})


class Emulator:
    """Speaks one vendor's dialect on loopback, and plays troubles; use it with `async with`.

    `POST /_faults` plans a trouble, `DELETE /_faults` forgets them, `POST /_hooks` says who wants to hear
    webhooks, `GET /_books` shows what it has on its books. These ask for no key: do not let others reach
    the port.
    """

    def __init__(
        self, dialect: Dialect, context: ssl.SSLContext, port: int = 0, host: str = "127.0.0.1"
    ) -> None:
        self.books, self.troubles = dialect.books, Troubles(anyio.current_time)
        self.bell = Bell(dialect, self.troubles)
        self.dialect, self._context = dialect, context
        self._host, self.port = host, port
        self._runner = web.AppRunner(
            self._app(), handler_cancellation=True, shutdown_timeout=1, access_log=None
        )
        self._site: web.TCPSite | None = None
        self._group: TaskGroup = anyio.create_task_group()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://{self._host}:{self.port}"

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        self._group.start_soon(self.bell.run)
        await self._runner.setup()
        await self.listen()
        return self

    async def __aexit__(self, *about: object) -> None:
        self._group.cancel_scope.cancel()
        await self._group.__aexit__(None, None, None)
        await self._cut_all()
        await self._runner.cleanup()

    async def listen(self) -> None:
        """Take connections, on the same port as before."""
        self._site = web.TCPSite(self._runner, self._host, self.port, ssl_context=self._context)
        await self._site.start()
        self.port = self._runner.addresses[0][1]

    async def refuse(self) -> None:
        """Take no connections, and cut those that are open."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        await self._cut_all()

    def plan(self, trouble: Trouble, times: int = 1) -> None:
        """Let it happen to the next `times` requests that it fits, or from now on for its time."""
        if trouble.fault is Fault.REFUSE:
            self._group.start_soon(self._away, trouble)
        else:
            self.troubles.plan(trouble, times)

    async def _cut_all(self) -> None:
        """Clients keep connections open, and a polite end of TLS would wait for them."""
        for connection in list(self._runner.server.connections if self._runner.server else ()):
            if connection.transport is not None:
                connection.transport.abort()
        await anyio.lowlevel.checkpoint()

    def _app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.route(one.method, one.path, self._handler(one)) for one in self.dialect.routes()])
        app.add_routes(
            [
                web.post("/_faults", self._plan),
                web.delete("/_faults", self._forget),
                web.post("/_hooks", self._hook),
                web.get("/_books", self._show),
            ]
        )
        return app

    def _handler(self, route: Route) -> _Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            call = Call(
                method=request.method,
                path=request.path,
                query=dict(request.query),
                headers={name.lower(): text for name, text in request.headers.items()},
                names=dict(request.match_info),
                body=await request.read(),
                base=self.url,
            )
            return await self._serve(request, lambda: route.do(call))

        return handle

    async def _serve(self, request: web.Request, do: Callable[[], Answer]) -> web.StreamResponse:
        trouble = self.troubles.next(request.path)
        fault = trouble.fault if trouble else None
        if fault in _FAILED:
            return _rendered(self.dialect.broken())
        if fault is Fault.LOST:
            return _cut(request)
        if trouble and fault is Fault.SLOW:
            await anyio.sleep(trouble.seconds)
        with self.books.denied() if fault is Fault.LIE else nullcontext():
            answer = do()
        self.bell.take()
        log.info("sandbox answered", path=request.path, status=answer.status)
        if answer.silent or fault is Fault.HANG:
            await anyio.sleep_forever()  # ends when the client gives up
        if fault is Fault.RESET_AFTER_SEND:
            return _cut(request)
        return _rendered(answer)

    async def _plan(self, request: web.Request) -> web.Response:
        try:
            trouble, times = read(await request.json())
        except (BadInput, json.JSONDecodeError) as mistake:
            return _mistaken(str(mistake))
        self.plan(trouble, times)
        return web.json_response({"planned": trouble.fault.value, "times": times})

    async def _forget(self, _: web.Request) -> web.Response:
        self.troubles.clear()
        return web.json_response({"planned": None})

    async def _hook(self, request: web.Request) -> web.Response:
        try:
            asked = await request.json()
            hook = Hook(str(asked["url"]), str(asked["secret"]))
        except (KeyError, TypeError, json.JSONDecodeError):
            return _mistaken('send {"url": where webhooks go, "secret": what they are signed with}')
        self.bell.hooks.append(hook)
        return web.json_response({"hooks": len(self.bell.hooks)})

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response({"objects": list(self.books.objects.values())})

    async def _away(self, trouble: Trouble) -> None:
        await anyio.sleep(0.05)  # so that the answer to the order itself gets out
        await self.refuse()
        await anyio.sleep(trouble.seconds)
        await self.listen()


def _rendered(answer: Answer) -> web.Response:
    return web.Response(
        text=answer.text, status=answer.status, content_type=answer.kind, headers=dict(answer.headers)
    )


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _mistaken(said: str) -> web.Response:
    return web.json_response({"error": {"message": said}}, status=400)
