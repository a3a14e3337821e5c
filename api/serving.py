"""Routes served: what was asked is checked, the handler is called, what it gives back is rendered."""

import json
from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel

from api.body import checked, checked_json, in_time
from api.csv import told_as_csv, wants_csv
from api.problem import NotDone
from api.route import AnyRoute, Asked, Table, Told
from api.who import NOBODY, WHO
from core.errors import BadInput

_JSON: Final = "application/json"
_BYTES: Final = "application/octet-stream"  # what stands for no type at all
_FORM: Final = "application/x-www-form-urlencoded"


def add_routes(app: web.Application, table: Table) -> dict[tuple[str, str], AnyRoute]:
    """Serve these routes; each by its method and the canonical path of its resource."""
    known: dict[tuple[str, str], AnyRoute] = {}
    for route in table:
        added = app.router.add_route(route.method, route.path, _served(route))
        if added.resource is not None:
            known[route.method, added.resource.canonical] = route
        if route.method == "GET":
            app.router.add_route("HEAD", route.path, _served(route))
    return known


def told_as_json(model: BaseModel, status: int = 200) -> web.Response:
    """A model as an answer."""
    return web.Response(
        text=model.model_dump_json(by_alias=True), status=status, content_type="application/json"
    )


def _served(route: AnyRoute) -> Any:
    async def serve(request: web.Request) -> web.StreamResponse:
        _refuse_no_text(request)
        asked = Asked(
            request=request,
            who=request.get(WHO, NOBODY),
            query=_query(route, request),
            body=await in_time(_body(route, request)),
        )
        if route.csv and wants_csv(request):
            return await told_as_csv(route, asked)
        return _rendered(route, await route.handler(asked))

    return serve


def _rendered(route: AnyRoute, told: Told) -> web.StreamResponse:
    match told:
        case None:
            return web.Response(status=204)
        case web.StreamResponse():
            return told
        case _:
            return told_as_json(told, route.status)


def _query(route: AnyRoute, request: web.Request) -> BaseModel | None:
    what = f"the query of {request.path}"
    if route.query is None:
        if request.query and not route.any_query:
            raise BadInput(f"{what} is to be empty, and has {', '.join(sorted(set(request.query)))}")
        return None
    given: dict[str, object] = {}
    for name in request.query:
        values = request.query.getall(name)
        given[name] = values[0] if len(values) == 1 else values
    model: BaseModel = checked(route.query, given, what)
    return model


async def _body(route: AnyRoute, request: web.Request) -> BaseModel | None:
    if route.reads_body:
        return None
    what = f"the body of {route.method} {request.path}"
    if route.body is None:
        if request.can_read_body and (await request.read()).strip() not in (b"", b"{}"):
            raise BadInput(f"{what} is to be empty")
        return None
    if route.form and request.content_type not in (_JSON, _BYTES):
        if request.content_type != _FORM:
            told = f"send {_JSON} or {_FORM}, not {request.content_type[:80]}"
            raise NotDone(415, "unsupported_media_type", told)
        given = json.dumps({name: str(value) for name, value in (await request.post()).items()}).encode()
    else:
        given = await request.read()
    model: BaseModel = checked_json(route.body, given, what)
    return model


def _refuse_no_text(request: web.Request) -> None:
    """Refuse what no text can hold: a NUL, or bytes that are no UTF-8."""
    parts = [*request.match_info.values(), *request.query, *request.query.values()]
    for part in parts:
        if "\0" in part or "\N{REPLACEMENT CHARACTER}" in part or not _is_text(part):
            raise BadInput(f"{request.path} or its query has characters in it that are no text")


def _is_text(part: str) -> bool:
    try:
        part.encode()
    except UnicodeEncodeError:
        return False
    return True
