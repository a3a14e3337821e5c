"""Captures that a program leads, by the hosted products' names; forms and JSON say the same."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from aiohttp import web
from pydantic import BaseModel, JsonValue, RootModel

from api.problem import NotDone
from api.route import Asked, Route, Table
from api.scopes import Scope
from api.services import Services
from core.errors import BadInput
from core.ids import CallId
from ivr.capture.captures import NoSuchCapture
from ivr.capture.parameters import order_of
from ivr.capture.session import CaptureRefused, PaymentSession
from ivr.capture.view import Status, View
from ivr.capture.words import ErrorType, Result
from ivr.tools import TOOLS, use
from payments.card import CardField

_FORM = "application/x-www-form-urlencoded"
_UPDATES = ("capture", "status", "idempotencykey", "statuscallback")
_OF_THE_REQUEST = frozenset({ErrorType.ACCOUNT_TYPE, Result.VALIDATION_ERROR})


class Given(RootModel[dict[str, JsonValue]]):
    """Parameters by the hosted products' names (docs/reference/capture.md); unknown ones are refused."""


class SessionOut(RootModel[dict[str, object]]):
    """A capture as it stands, in the callback fields of hosted pay verbs."""


class ToolOut(BaseModel):
    """A tool, in words for a model, with a JSON schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, object]


class ToolsOut(BaseModel):
    """All tools."""

    tools: list[ToolOut]


AnyAsked = Asked[None, Given] | Asked[None, None]
Handler = Callable[[Asked[None, Given]], Awaitable[SessionOut]]


def routes(services: Services) -> Table:
    """`/v1/calls/{call}/payments`: POST opens a session, its id leads and shows it; and the tools.

    The same is taken at the path that hosted products have, so that a program changes no more than the host.
    """
    captures = services.captures

    async def create(asked: Asked[None, Given]) -> SessionOut:
        given = asked.body.root
        order = replace(order_of(given), form=asked.request.content_type == _FORM)
        return _out(asked, await captures.open(_call(asked.request), order, _key(asked.request, given)))

    async def update(asked: Asked[None, Given]) -> SessionOut:
        session = captures.find(_call(asked.request), asked.part("id"))
        _lead(session, asked.body.root)
        return _out(asked, session.view)

    async def show(asked: Asked[None, None]) -> SessionOut:
        try:
            return _out(asked, captures.find(_call(asked.request), asked.part("id")).view)
        except NoSuchCapture as error:
            raise NotDone(404, "not_found", str(error)) from error

    async def tools(_asked: Asked[None, None]) -> ToolsOut:
        told = [
            ToolOut(name=one.name, description=one.description, parameters=dict(one.parameters))
            for one in TOOLS
        ]
        return ToolsOut(tools=told)

    async def use_tool(asked: Asked[None, Given]) -> SessionOut:
        call, tool, key = _call(asked.request), asked.part("tool"), _key(asked.request, {})
        return SessionOut(dict(await use(captures, call, tool, asked.body.root, key)))

    led, there = "/v1/calls/{call}/payments", "/2010-04-01/Accounts/{account}/Calls/{call}/Payments"
    act = Scope.CAPTURES_ACT
    return [
        _posted(led, _named(create), "Begin to take a card on a call that is up", 201),
        _posted(f"{led}/{{id}}", _named(update), "Lead a capture: the next field, completed, cancelled"),
        Route(
            "GET",
            f"{led}/{{id}}",
            show,
            act,
            "A capture as it stands",
            answer=SessionOut,
            at_call="call",
        ),
        _posted(f"{there}.json", _named(create), "The same where hosted products have it", 201),
        _posted(f"{there}/{{id}}.json", _named(update), "Lead it where hosted products have it", 202),
        Route("GET", "/v1/tools", tools, act, "The tools that take a card, for a model", answer=ToolsOut),
        _posted("/v1/calls/{call}/tools/{tool}", _named(use_tool), "Use one of the tools"),
    ]


def _posted(path: str, handler: Handler, summary: str, status: int = 200) -> Route[None, Given]:
    """Captures know their idempotency keys themselves: asked again, they show the session as it is now."""
    return Route(
        "POST",
        path,
        handler,
        Scope.CAPTURES_ACT,
        summary,
        body=Given,
        answer=SessionOut,
        status=status,
        form=True,
        replays=False,
        at_call="call",
    )


def _out(asked: AnyAsked, view: View) -> SessionOut:
    """The callback fields; where hosted products have it, also under the names of their answers."""
    told: dict[str, object] = dict(view.fields())
    if account := asked.request.match_info.get("account"):
        there = f"/2010-04-01/Accounts/{account}/Calls/{view.call}/Payments/{view.id}.json"
        told |= {"sid": view.id, "call_sid": view.call, "account_sid": account, "uri": there}
    return SessionOut(told)


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


def _named(handler: Handler) -> Handler:
    """Problems of captures carry the hosted products' own words as their `code`."""

    async def answer(asked: Asked[None, Given]) -> SessionOut:
        try:
            return await handler(asked)
        except NoSuchCapture as error:
            raise NotDone(404, "not_found", str(error)) from error
        except CaptureRefused as error:
            status = 503 if error.error is ErrorType.INTERNAL else 409
            status = 400 if error.error in _OF_THE_REQUEST else status
            raise NotDone(status, error.error.value, str(error)) from error

    return answer
