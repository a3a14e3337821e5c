"""One request to a provider of text messages over HTTP, and what its answer means."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp

from core.errors import OutOfReach
from messages.sender import TurnedDown

_LARGEST: Final = 64 * 1024
_OK: Final = range(200, 300)
_LATER: Final = frozenset({408, 425, 429})
_SERVER: Final = 500


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted."""

    url: str
    body: bytes
    headers: Mapping[str, str]


async def posted(request: Request, within_s: float) -> object | TurnedDown:
    """The JSON of a good answer (None when it is none). Raises OutOfReach. No redirect is followed."""
    timeout = aiohttp.ClientTimeout(total=within_s)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.post(
                request.url,
                data=request.body,
                headers=request.headers,
                allow_redirects=False,
            ) as answer,
        ):
            body = await answer.content.read(_LARGEST)
            if answer.status in _OK:
                return from_json(body)
            again = answer.status in _LATER or answer.status >= _SERVER
            return TurnedDown(f"the provider answered {answer.status}{_code(from_json(body))}", again)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise OutOfReach(f"the provider of text messages does not answer ({type(error).__name__})") from error


def found_at(value: object, path: str) -> object:
    """What stands at `data.0.id` in JSON; None when nothing does."""
    for step in path.split(".") if path else ():
        match value:
            case dict():
                value = value.get(step)
            case list() if step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            case _:
                return None
    return value


def from_json(body: bytes) -> object:
    """What JSON says; None for what is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _code(answer: object) -> str:
    """The provider's own code, where it gives a plain one; its words may repeat the number."""
    code = found_at(answer, "code")
    return f" (code {code})" if isinstance(code, int) else ""
