"""Captures that a program leads, by the hosted products' names; forms and JSON say the same."""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from api.problem import problem
from api.services import Services
from core.errors import BadInput
from core.ids import CallId
from ivr.capture.captures import NoSuchCapture
from ivr.capture.parameters import order_of
from ivr.capture.session import CaptureRefused, PaymentSession
from ivr.capture.view import Status
from ivr.capture.words import ErrorType, Result
from ivr.tools import TOOLS, use
from payments.card import CardField
from payments.webhooks.outbox import JsonValue

Handler = Callable[[web.Request], Awaitable[web.Response]]

_UPDATES = ("capture", "status", "idempotencykey", "statuscallback")
_OF_THE_REQUEST = frozenset({ErrorType.ACCOUNT_TYPE, Result.VALIDATION_ERROR})


def routes(services: Services) -> list[web.RouteDef]:
    """`/v1/calls/{call}/payments`: POST opens a session, its id leads and shows it; and the tools."""
    captures = services.captures

    async def create(request: web.Request) -> web.Response:
        given = await _given(request)
        key = _key(request, given)
        view = await captures.open(_call(request), order_of(given), key)
        return web.json_response(view.fields(), status=201)

    async def update(request: web.Request) -> web.Response:
        session = captures.find(_call(request), request.match_info["id"])
        _lead(session, await _given(request))
        return web.json_response(session.view.fields())

    async def show(request: web.Request) -> web.Response:
        session = captures.find(_call(request), request.match_info["id"])
        return web.json_response(session.view.fields())

    async def tools(_request: web.Request) -> web.Response:
        told = [
            {"name": one.name, "description": one.description, "parameters": one.parameters} for one in TOOLS
        ]
        return web.json_response({"tools": told})

    async def use_tool(request: web.Request) -> web.Response:
        given = await _given(request) if request.can_read_body else {}
        key = _key(request, {})
        tool = request.match_info["tool"]
        return web.json_response(await use(captures, _call(request), tool, given, key))

    return [
        web.post("/v1/calls/{call}/payments", _named(create)),
        web.post("/v1/calls/{call}/payments/{id}", _named(update)),
        web.get("/v1/calls/{call}/payments/{id}", _named(show)),
        web.get("/v1/tools", tools),
        web.post("/v1/calls/{call}/tools/{tool}", _named(use_tool)),
    ]


def _lead(session: PaymentSession, given: Mapping[str, JsonValue]) -> None:
    """What an update asks for: `Capture` names a field, or `Status` is complete or cancel."""
    values = {name.replace("_", "").lower(): str(value) for name, value in given.items()}
    if unknown := sorted(values.keys() - set(_UPDATES)):
        raise BadInput(f"an update has Capture or Status, not {', '.join(unknown)}")
    match values.get("capture"), values.get("status"):
        case str(step), None:
            session.capture(_step(step))
        case None, Status.COMPLETE.value:
            session.complete()
        case None, Status.CANCELLED.value:
            session.cancel()
        case _:
            raise BadInput("an update has either Capture, a field, or Status, which is complete or cancel")


def _step(name: str) -> CardField:
    try:
        return CardField(name)
    except ValueError:
        known = ", ".join(step.value for step in CardField)
        raise BadInput(f"Capture={name!r} is no field: there are {known}") from None


def _call(request: web.Request) -> CallId:
    return CallId(request.match_info["call"])


def _key(request: web.Request, given: Mapping[str, JsonValue]) -> str:
    """The idempotency key, of the header or of the form; without one each request stands for itself."""
    named = next((given[name] for name in ("IdempotencyKey", "idempotencyKey") if name in given), "")
    return request.headers.get("Idempotency-Key", "") or str(named) or secrets.token_hex(16)


async def _given(request: web.Request) -> Mapping[str, JsonValue]:
    if request.content_type != "application/json":
        return {name: str(value) for name, value in (await request.post()).items()}
    try:
        given = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"the body of {request.method} {request.path} is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise BadInput("the body is not a JSON object")
    return given


def _named(handler: Handler) -> Handler:
    """Problems of captures carry the hosted products' own words as their `code`."""

    async def answer(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except NoSuchCapture as error:
            return problem(404, "not_found", str(error))
        except CaptureRefused as error:
            status = 503 if error.error is ErrorType.INTERNAL else 409
            return problem(400 if error.error in _OF_THE_REQUEST else status, error.error.value, str(error))

    return answer
