"""A file that another node holds, brought here a piece at a time, as fast as whoever asked reads it."""

import re
from dataclasses import replace
from typing import Final

import anyio
from aiohttp import hdrs, web

from api.errands import Errand, Errands, Reply
from core.errors import OutOfReach

_PIECE: Final = 1024 * 1024
_SEND_S: Final = 5.0
_PLACE: Final = re.compile(r"bytes (?P<first>\d+)-(?P<last>\d+)/(?P<whole>\d+)")
_TOLD: Final = (hdrs.CONTENT_TYPE, hdrs.CACHE_CONTROL)


async def fetched(request: web.Request, errands: Errands, node: str, errand: Errand) -> web.StreamResponse:
    """The answer to a GET of it; Range is honoured (RFC 9110, 14.2). Raises NodeGone, StoreLost."""
    wanted = _wanted(request)
    first, stop = wanted or (0, None)
    async with errands.ask(node, _piece(errand, first, stop)) as reply:
        found = _PLACE.fullmatch(reply.headers.get(hdrs.CONTENT_RANGE, ""))
        body = await _whole(reply)
        if found is None:
            return web.Response(status=reply.status, headers=reply.headers, body=body)
    first, whole = int(found["first"]), int(found["whole"])
    end = min(stop, whole) if stop is not None else whole
    response = _begun(reply, partial=wanted is not None, first=first, end=end, whole=whole)
    await response.prepare(request)
    try:
        while body:
            with anyio.fail_after(_SEND_S):
                await response.write(body)
            first += len(body)
            body = await _next(errands, node, errand, first, end)
    except (OutOfReach, ConnectionResetError, TimeoutError):
        response.force_close()  # the head was sent: whoever reads sees that it is not whole
    return response


def _wanted(request: web.Request) -> tuple[int, int | None] | None:
    """From the byte, negative ones from the end, up to before another; what is no range is passed over."""
    try:
        asked = request.http_range
    except ValueError:
        return None
    return (asked.start, asked.stop) if asked.start is not None else None


def _piece(errand: Errand, first: int, stop: int | None) -> Errand:
    if first < 0:
        told = f"bytes={first}"
    else:
        last = first + _PIECE if stop is None else min(first + _PIECE, stop)
        told = f"bytes={first}-{last - 1}"
    return replace(errand, headers={**errand.headers, hdrs.RANGE: told})


async def _next(errands: Errands, node: str, errand: Errand, first: int, end: int) -> bytes:
    if first >= end:
        return b""
    async with errands.ask(node, _piece(errand, first, end)) as reply:
        if reply.status != web.HTTPPartialContent.status_code:
            raise OutOfReach(f"the node {node} has the rest of the file no longer")
        return await _whole(reply)


async def _whole(reply: Reply) -> bytes:
    return b"".join([part async for part in reply.parts])


def _begun(reply: Reply, *, partial: bool, first: int, end: int, whole: int) -> web.StreamResponse:
    response = web.StreamResponse(status=206 if partial else 200)
    response.headers.update({name: reply.headers[name] for name in _TOLD if name in reply.headers})
    response.headers[hdrs.ACCEPT_RANGES] = "bytes"
    if partial:
        response.headers[hdrs.CONTENT_RANGE] = f"bytes {first}-{end - 1}/{whole}"
    response.content_length = end - first
    return response
