"""The emulator as an HTTPS server."""

import json
import ssl
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Self

import anyio
import structlog
from aiohttp import web
from anyio.abc import TaskGroup

from core.errors import BadInput
from payments.sandbox.api import Answer, Dialect, Params, error
from payments.sandbox.faults import Fault, Troubles, read

log = structlog.stdlib.get_logger(__name__)

_CARD_KEYS = frozenset({"card[number]", "card[cvc]"})
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Emulator:
    """Speaks Stripe's dialect on loopback, and plays troubles; use it with `async with`.

    `POST /_faults` plans a trouble, `DELETE /_faults` forgets them, `GET /_books` shows what it has on
    its books. These two ask for no key: do not let others reach the port.
    """

    def __init__(
        self, dialect: Dialect, context: ssl.SSLContext, port: int = 0, host: str = "127.0.0.1"
    ) -> None:
        self.books, self.troubles = dialect.books, Troubles()
        self._dialect, self._context = dialect, context
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
        await self._runner.setup()
        await self.listen()
        return self

    async def __aexit__(self, *about: object) -> None:
        self._group.cancel_scope.cancel()
        await self._group.__aexit__(None, None, None)
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
        if self._runner.server is not None:
            for connection in list(self._runner.server.connections):
                connection.force_close()

    def _app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.post("/v1/payment_methods", self._posted(self._dialect.create_method)),
                web.post("/v1/payment_intents", self._posted(self._dialect.create_intent)),
                web.get("/v1/payment_intents", self._list),
                web.get("/v1/payment_intents/{id}", self._intent),
                web.post("/v1/payment_intents/{id}/capture", self._capture),
                web.post("/v1/payment_intents/{id}/cancel", self._cancel),
                web.post("/v1/refunds", self._posted(self._dialect.create_refund)),
                web.get("/v1/refunds", self._refunds),
                web.post("/_faults", self._plan),
                web.delete("/_faults", self._forget),
                web.get("/_books", self._show),
            ]
        )
        return app

    def _posted(self, deed: Callable[[Params], Answer]) -> _Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._serve(request, deed)

        return handle

    async def _list(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, self._dialect.list_intents)

    async def _refunds(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, self._dialect.list_refunds)

    async def _intent(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, lambda _: self._dialect.intent(request.match_info["id"]))

    async def _capture(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, partial(self._dialect.capture_intent, request.match_info["id"]))

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, partial(self._dialect.cancel_intent, request.match_info["id"]))

    async def _serve(self, request: web.Request, deed: Callable[[Params], Answer]) -> web.StreamResponse:
        if not request.headers.get("Authorization", "").startswith(("Bearer sk_", "Basic ")):
            return _rendered(error(401, "invalid_request_error", "", "You did not provide an API key."))
        fields = await request.post() if request.method == "POST" else request.query
        params = {name: str(text) for name, text in fields.items()}
        trouble = self.troubles.next(request.path)
        if trouble and trouble.fault is Fault.ERROR_500:
            return _rendered(error(500, "api_error", "", "An unknown error occurred."))
        if trouble and trouble.fault is Fault.SLOW:
            await anyio.sleep(trouble.seconds)
        answer = self._once(request, params, deed)
        log.info("sandbox answered", path=request.path, status=answer.status)
        if answer.silent or (trouble and trouble.fault is Fault.HANG):
            await anyio.sleep_forever()  # ends when the client gives up
        if trouble and trouble.fault is Fault.RESET_AFTER_SEND and request.transport is not None:
            request.transport.abort()
        return _rendered(answer)

    def _once(self, request: web.Request, params: Params, deed: Callable[[Params], Answer]) -> Answer:
        """Same key and same parameters: the same answer; https://docs.stripe.com/api/idempotent_requests."""
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST":
            return deed(params)
        order = _order(request.path, params)
        kept = self.books.answers.get(key)
        if kept is None:
            answer = deed(params)
            if answer.status not in {400, 404}:  # a request that was never begun may be mended and sent again
                self.books.answer(
                    key,
                    {"order": order, "status": answer.status, "body": answer.body, "silent": answer.silent},
                )
            return answer
        if kept["order"] != order:
            return error(400, "idempotency_error", "", "This key was first used with other parameters.")
        return Answer(kept["status"], kept["body"], kept["silent"])

    async def _plan(self, request: web.Request) -> web.Response:
        try:
            trouble, times = read(await request.json())
        except (BadInput, json.JSONDecodeError) as mistake:
            return web.json_response({"error": {"message": str(mistake)}}, status=400)
        if trouble.fault is Fault.REFUSE:
            self._group.start_soon(self._away, trouble.seconds)
        else:
            self.troubles.plan(trouble, times)
        return web.json_response({"planned": trouble.fault.value, "times": times})

    async def _forget(self, _: web.Request) -> web.Response:
        self.troubles.clear()
        return web.json_response({"planned": None})

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response({"objects": list(self.books.objects.values())})

    async def _away(self, seconds: float) -> None:
        await anyio.sleep(0.05)  # so that the answer to the order itself gets out
        await self.refuse()
        await anyio.sleep(seconds)
        await self.listen()


def _order(path: str, params: Params) -> list[list[str]]:
    """What a request asked for, to compare; without the card, which must not reach the books."""
    kept = {name: text for name, text in params.items() if name not in _CARD_KEYS}
    if "card[number]" in params:
        kept["last4"] = params["card[number]"][-4:]
    return [["path", path], *sorted([name, text] for name, text in kept.items())]


def _rendered(answer: Answer) -> web.Response:
    return web.json_response(answer.body, status=answer.status)
