"""Lists as text/csv (RFC 4180): all rows, and nothing in them that a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from api.paging import ListQuery, Page
from api.route import AnyRoute, Asked

MOST_ROWS: Final = 100_000
_RUN: Final = ("=", "+", "-", "@", "\t", "\r")  # OWASP, "CSV Injection"
_TYPE: Final = "text/csv"


def wants_csv(request: web.Request) -> bool:
    """Whether the client asks for it, and not for JSON."""
    accepted = request.headers.get("Accept", "")
    return _TYPE in accepted and "application/json" not in accepted


async def told_as_csv(route: AnyRoute, asked: Asked[Any, Any]) -> web.StreamResponse:
    """Page after page, as it is read; at most MOST_ROWS rows."""
    page = await _page(route, asked)
    response = web.StreamResponse(
        headers={"Content-Type": f"{_TYPE}; charset=utf-8", "Content-Disposition": "attachment"}
    )
    await response.prepare(asked.request)
    names = _columns(route)
    await response.write(_lines([names]))
    rows = 0
    while page.data:
        await response.write(_lines([_cells(one.model_dump(mode="json"), names) for one in page.data]))
        rows += len(page.data)
        if page.next_cursor is None or rows >= MOST_ROWS:
            break
        query = asked.query.model_copy(update={"cursor": page.next_cursor})
        asked = replace(asked, query=query)
        page = await _page(route, asked)
    await response.write_eof()
    return response


def neutral(value: object) -> str:
    """A cell: what a spreadsheet would take for a formula begins with an apostrophe."""
    text = "" if value is None else _text(value)
    is_number = isinstance(value, int | float)
    return f"'{text}" if text.startswith(_RUN) and not is_number else text


def _text(value: object) -> str:
    """Several words stand behind one another; what has parts of its own is told as JSON."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


async def _page(route: AnyRoute, asked: Asked[Any, Any]) -> Page[Any]:
    if isinstance(asked.query, ListQuery):
        asked = replace(asked, query=asked.query.model_copy(update={"limit": 500}))
    told = await route.handler(asked)
    if not isinstance(told, Page):
        raise TypeError(f"{route.method} {route.path} is told as CSV, and is no list")
    return told


def _columns(route: AnyRoute) -> Sequence[str]:
    row = route.answer.__pydantic_generic_metadata__["args"][0] if route.answer else None
    return list(row.model_fields) if row else []


def _cells(row: dict[str, object], names: Iterable[str]) -> list[str]:
    return [neutral(row[name]) for name in names]


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
