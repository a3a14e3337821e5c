"""The API about itself: its document, and a page that people read."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from markupsafe import Markup

from api.openapi import document, written
from api.page import HEADERS, style_hash, template
from api.route import Asked, Route, Table
from api.scopes import Scope

_STYLE: Final = (Path(__file__).parents[1] / "pages" / "docs.css").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to ask, as the page shows it."""

    method: str
    path: str
    told: dict[str, Any]


def routes(table: Table) -> Table:
    """`/v1/openapi.json` and `/docs`, of all other routes; open to all, as they name nobody."""

    @cache
    def text() -> str:
        return written(table)

    @cache
    def page() -> str:
        return _page(document(table))

    async def told(_asked: Asked[None, None]) -> web.Response:
        return web.Response(text=text(), content_type="application/json")

    async def shown(_asked: Asked[None, None]) -> web.Response:
        policy = (
            f"default-src 'none'; style-src {style_hash(_STYLE)}; base-uri 'none'; frame-ancestors 'none'"
        )
        headers = {**HEADERS, "Content-Security-Policy": policy}
        return web.Response(text=page(), content_type="text/html", headers=headers)

    return [
        Route("GET", "/v1/openapi.json", told, Scope.OPEN, "This document", listed=False),
        Route("GET", "/docs", shown, Scope.OPEN, "The API, for readers", listed=False),
    ]


def _page(told: dict[str, Any]) -> str:
    groups: dict[str, list[_Way]] = {}
    for way in _ways(told):
        groups.setdefault(way.told["tags"][0], []).append(way)
    schemas = told["components"]["schemas"]
    style = Markup(_STYLE)  # noqa: S704 - our own file
    page = template("docs.html")
    return page.render(info=told["info"], groups=groups, schemas=schemas, style=style, kind=_kind)


def _ways(told: dict[str, Any]) -> Iterator[_Way]:
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield _Way(method.upper(), path, operation)


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words: `integer`, `CallOut`, `list of CallOut`, `string or null`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format", schema.get("type", "anything")))
