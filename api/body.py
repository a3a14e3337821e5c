"""What a client sent, read and checked: every mistake is told with its place."""

import json
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from core.errors import BadInput

M = TypeVar("M", bound=BaseModel)


async def read_json(request: web.Request) -> object:
    """The body as JSON. Raises BadInput."""
    try:
        return await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"the body of {request.method} {request.path} is not JSON: {error}") from error


async def read_raw(request: web.Request, at_most: int) -> bytes:
    """The body as it came, byte for byte. Raises 413 when it is longer than `at_most` bytes."""
    body = bytearray()
    async for piece in request.content.iter_chunked(1 << 14):
        body += piece
        if len(body) > at_most:
            raise web.HTTPRequestEntityTooLarge(at_most, len(body))
    return bytes(body)


def checked(model: type[M], given: object, what: str) -> M:
    """What was given, as `model` has it. Raises BadInput with all that is wrong with `what`."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise BadInput(f"{what} has mistakes: {told}") from error
