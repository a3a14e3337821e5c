"""A POST that came before gets the answer of that time (draft-ietf-httpapi-idempotency-key-header)."""

import hashlib
from http import HTTPStatus
from typing import Any, Final, Protocol

import anyio
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from api.problem import NotDone, problem_of
from api.route import Asked, route_of
from api.who import NOBODY, WHO
from core.errors import BadInput, TellerlineError
from core.ids import new_id
from db.answers import Answer, Begun, OtherAsked, Question, UnderWay

_HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 200


class Answers(Protocol):
    """Where answers are kept (db.answers). Raises StoreLost."""

    async def begin(self, asked: Question) -> Answer | Begun | UnderWay | OtherAsked:
        """What is to be done about a question; of many who ask at once one begins."""
        ...

    async def keep(self, asked: Question, answer: Answer) -> None:
        """Write an answer down."""
        ...

    async def drop(self, asked: Question) -> None:
        """Nothing was done: the key is free again."""
        ...


def key_of(asked: Asked[Any, Any]) -> str:
    """The key that the Desk knows a request by: drawn from who asked and their Idempotency-Key, else new."""
    given = asked.request.headers.get(_HEADER, "")
    if not given:
        return new_id("api")
    drawn = hashlib.sha256(f"{asked.who.id}\0{given}".encode()).hexdigest()
    return f"api_{drawn[:32]}"


def once(answers: Answers) -> Middleware:
    """Answer each Idempotency-Key once; what failed inside may be asked again with the same key."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = route_of(request)
        key = request.headers.get(_HEADER, "")
        if route is None or route.method != "POST" or not route.replays or not key:
            return await handler(request)
        _check(key)
        asked = Question(request.get(WHO, NOBODY).id, key, await _digest(request))
        match await answers.begin(asked):
            case Answer() as before:
                headers = {"Content-Type": before.kind, "Idempotency-Replayed": "true"}
                return web.Response(body=before.body, status=before.status, headers=headers)
            case UnderWay():
                told = "the same request is being answered: ask again in a moment"
                raise NotDone(409, "idempotency_key_in_use", told, {"Retry-After": "1"})
            case OtherAsked():
                told = f"this {_HEADER} was used for another request: draw a new one"
                raise NotDone(409, "idempotency_key_reused", told)
            case Begun():
                return await _answered(answers, request, handler, asked)

    return check


async def _answered(
    answers: Answers, request: web.Request, handler: Handler, asked: Question
) -> web.StreamResponse:
    kept = False
    try:
        response = await _tried(request, handler)
        if response.status < HTTPStatus.BAD_REQUEST or response.status == HTTPStatus.CONFLICT:
            body = response.body if isinstance(response, web.Response) else None
            kind = response.headers.get("Content-Type", "application/octet-stream")
            told = bytes(body) if isinstance(body, bytes | bytearray) else b""
            await answers.keep(asked, Answer(response.status, kind, told))
            kept = True
        return response
    finally:
        if not kept:
            with anyio.CancelScope(shield=True):
                await answers.drop(asked)


async def _tried(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A refusal is an answer too: whoever was rung in vain is not rung again by the same key."""
    try:
        return await handler(request)
    except TellerlineError as error:
        return problem_of(error)


async def _digest(request: web.Request) -> bytes:
    state = hashlib.sha256(f"{request.method} {request.path_qs}\0".encode())
    state.update(await request.read())
    return state.digest()


def _check(key: str) -> None:
    if len(key) > _LONGEST or not key.isascii() or not key.isprintable():
        raise BadInput(f"{_HEADER} is to be at most {_LONGEST} printable ASCII characters")
