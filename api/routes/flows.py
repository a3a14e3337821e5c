"""The flows that answer numbers, below `/v1/flows`: told, written, and taken out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, StringConstraints

from api import problem
from api.etag import told_with_version, version_of
from api.flow_out import FlowOut, FlowText, MistakeOut, mistakes_out, steps_out
from api.paging import Page
from api.problem import NoSuch, WrongInput
from api.route import Asked, Route, Table
from api.routes.numbers import Exchange
from api.scopes import Scope
from core.errors import Outdated, Refused
from db.flow_versions import StoredFlowVersions
from dialplan.mistakes import Mistakes
from ivr.texts import Texts
from ivr.written.flow import Written
from ivr.written.library import Library
from ivr.written.walk import Noted, Walk

Text = Annotated[str, StringConstraints(max_length=48 * 1024)]
Walker = Callable[[Written, Walk], Awaitable[Sequence[Noted]]]


@dataclass(frozen=True, slots=True)
class FlowRoom:
    """What these routes work with; `about` tells in a few words what each shipped flow is for."""

    library: Library
    versions: StoredFlowVersions
    exchange: Exchange
    texts: Texts
    about: Mapping[str, str]
    walk: Walker


class FlowOrder(BaseModel, extra="forbid"):
    """A flow in YAML, as docs/howto/flows.md tells."""

    text: Text


def routes(room: FlowRoom) -> Table:
    """The routes."""
    library, exchange = room.library, room.exchange

    async def listed(_asked: Asked[None, None]) -> Page[FlowOut]:
        return Page(data=[_flow(room, name) for name in sorted(library)])

    async def one(asked: Asked[None, None]) -> web.Response:
        return _told(room, asked.part("name"))

    async def put(asked: Asked[None, FlowOrder]) -> web.Response:
        name, text = asked.part("name"), asked.body.text
        async with room.versions.changing(name) as change:
            known = name in library.written
            _check(library, asked.request, name, is_there=known)
            await change.note(library.text(name) if known else None, text, asked.who.name)
            try:
                library.put(name, text)
            except Mistakes as wrong:
                places = [problem.Mistake(at=_place(it), what=it.what) for it in mistakes_out(wrong.mistakes)]
                raise WrongInput(str(wrong), places) from wrong
        return _told(room, name)

    async def remove(asked: Asked[None, None]) -> None:
        name = asked.part("name")
        async with room.versions.changing(name) as change:
            if name not in library.written:
                raise NoSuch("flow of your own", name)
            _check(library, asked.request, name, is_there=True)
            numbers = _numbers(exchange, name)
            if numbers:
                raise Refused(f"the flow {name} is in use: it answers {', '.join(numbers)}")
            await change.note(library.text(name), None, asked.who.name)
            library.remove(name)

    read, write, named = Scope.FLOWS_READ, Scope.FLOWS_WRITE, "/v1/flows/{name}"
    return [
        Route("GET", "/v1/flows", listed, read, "What can answer a number", answer=Page[FlowOut]),
        Route("GET", named, one, read, "One flow, with its steps", answer=FlowText, edits=True),
        Route(
            "PUT",
            named,
            put,
            write,
            "Write a flow, for the next call on",
            body=FlowOrder,
            answer=FlowText,
            edits=True,
        ),
        Route("DELETE", named, remove, write, "Take a flow out that nothing uses", edits=True),
    ]


def _check(library: Library, request: web.Request, name: str, *, is_there: bool) -> None:
    """Raises Outdated, NotDone when it is not said which version is to be changed of one that is there."""
    version = version_of(request) if is_there or "If-Match" in request.headers else None
    if version is not None and version != library.version(name):
        raise Outdated("this flow was changed meanwhile: read it again")


def _place(mistake: MistakeOut) -> str:
    return f"line {mistake.line}: {mistake.at}" if mistake.at else f"line {mistake.line}"


def _numbers(exchange: Exchange, name: str) -> list[str]:
    return [one.number for one in exchange.numbers() if one.flow == name]


def _flow(room: FlowRoom, name: str) -> FlowOut:
    written = room.library.written.get(name)
    return FlowOut(
        name=name,
        about=written.head.about if written is not None else room.about.get(name, ""),
        numbers=_numbers(room.exchange, name),
        written=written is not None,
    )


def _told(room: FlowRoom, name: str) -> web.Response:
    library = room.library
    if name not in library:
        raise NoSuch("flow", name)
    written = library.written.get(name)
    text = library.text(name) if written is not None else ""
    told = FlowText(
        **_flow(room, name).model_dump(),
        text=text,
        languages=list(written.languages) if written is not None else [],
        steps=steps_out(written, text, room.texts) if written is not None else [],
    )
    return told_with_version(told, library.version(name))
