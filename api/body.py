"""What a client sent, read and checked: every mistake is told with its place."""

import json
from collections.abc import Awaitable
from typing import Final, TypeVar

import anyio
from aiohttp import web
from pydantic import BaseModel, ValidationError

from api.problem import Mistake, NotDone, WrongInput
from core.errors import BadInput

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
_BODY_S: Final = 20.0


async def read_json(request: web.Request) -> object:
    """The body as JSON. Raises BadInput."""
    try:
        return await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"the body of {request.method} {request.path} is not JSON: {error}") from error


async def read_raw(request: web.Request, at_most: int) -> bytes:
    """The body as it came, byte for byte. Raises 413 when it is longer than `at_most` bytes."""
    body = bytearray()
    async for piece in request.content.iter_chunked(1 << 14):
        body += piece
        if len(body) > at_most:
            raise web.HTTPRequestEntityTooLarge(at_most, len(body))
    return bytes(body)


async def in_time(reading: Awaitable[T]) -> T:
    """A body that drips in holds a connection, and ends it. Raises 408."""
    try:
        with anyio.fail_after(_BODY_S):
            return await reading
    except TimeoutError:
        raise NotDone(408, "too_slow", f"the body was not there within {_BODY_S:g} s") from None


def checked(model: type[M], given: object, what: str) -> M:
    """What was given, as `model` has it. Raises WrongInput with all that is wrong with `what`."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise _wrong(error, what) from error


def checked_json(model: type[M], given: bytes, what: str) -> M:
    """The same for JSON as it came. Raises WrongInput."""
    if b"\\u0000" in given:
        raise BadInput(f"{what} has a NUL character in it, which is no text")
    try:
        return model.model_validate_json(given or b"{}")
    except ValidationError as error:
        raise _wrong(error, what) from error


def _wrong(error: ValidationError, what: str) -> WrongInput:
    mistakes = [
        Mistake(at=".".join(map(str, one["loc"])), what=one["msg"])
        for one in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    told = "; ".join(f"{one.at}: {one.what}" if one.at else one.what for one in mistakes)
    return WrongInput(f"{what} has mistakes: {told}", mistakes)
