"""Versions of what is edited: an ETag with each, and If-Match from whoever changes it (RFC 9110, 13.1.1)."""

import re
from typing import Final

from aiohttp import hdrs, web
from pydantic import BaseModel

from api.problem import NotDone
from api.serving import told_as_json
from core.errors import Outdated

_TAG: Final = re.compile(r'"(?P<version>[0-9]{1,18})"')


def told_with_version(model: BaseModel, version: int, status: int = 200) -> web.Response:
    """A model as an answer, with its version."""
    response = told_as_json(model, status)
    response.headers[hdrs.ETAG] = f'"{version}"'
    return response


def version_of(request: web.Request) -> int | None:
    """The version that is to be changed, None for any (`*`). Raises NotDone when the client does not say."""
    given = request.headers.get(hdrs.IF_MATCH, "").strip()
    if not given:
        raise NotDone(428, "version_missing", "send If-Match with the ETag of what you read, or *")
    if given == "*":
        return None
    found = _TAG.fullmatch(given)
    if found is None:
        raise Outdated("If-Match holds no ETag of ours")
    return int(found["version"])
