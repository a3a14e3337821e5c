"""What written flows were before, below `/v1/flows/{name}/versions`; to go back, the text is put again."""

from difflib import unified_diff

from api.flow_out import GoneOut, VersionOut, VersionText
from api.paging import ListQuery, Page, numbered, page_of
from api.problem import NoSuch
from api.route import Asked, Route, Table
from api.routes.flows import FlowRoom
from api.scopes import Scope
from core.errors import BadInput
from db.flow_versions import FlowVersion
from db.pages import Place

_LONGEST = 9


def routes(room: FlowRoom) -> Table:
    """The routes."""

    async def listed(asked: Asked[ListQuery, None]) -> Page[VersionOut]:
        name, query = asked.part("name"), asked.query
        found = await room.versions.page(name, query.limit + 1, numbered(query.place()))
        if not found and query.place() is None and name not in room.library:
            raise NoSuch("flow", name)
        return page_of(found, query.limit, VersionOut.of, _place)

    async def one(asked: Asked[None, None]) -> VersionText:
        name, number = asked.part("name"), _number(asked.part("number"))
        found = await room.versions.page(name, 2, number + 1)
        if not found or found[0].number != number:
            raise NoSuch(f"version of the flow {name}", asked.part("number"))
        text, before = found[0].text or "", (found[1].text or "") if found[1:] else ""
        told = VersionOut.of(found[0]).model_dump()
        return VersionText(**told, text=text, changes=_changes(name, number, before, text))

    async def gone(_asked: Asked[None, None]) -> Page[GoneOut]:
        found = [one for one in await room.versions.gone() if one.flow not in room.library]
        return Page(data=[GoneOut(name=one.flow, at=one.at, by=one.by) for one in found])

    read, below = Scope.FLOWS_READ, "/v1/flows/{name}/versions"
    return [
        Route(
            "GET",
            below,
            listed,
            read,
            "What a flow was before, newest first",
            query=ListQuery,
            answer=Page[VersionOut],
        ),
        Route("GET", f"{below}/{{number}}", one, read, "A flow as it was", answer=VersionText),
        Route("GET", "/v1/flows-taken-out", gone, read, "Flows that were taken out", answer=Page[GoneOut]),
    ]


def _number(word: str) -> int:
    if not word.isascii() or not word.isdecimal() or len(word) > _LONGEST:
        raise BadInput(f"{word[:40]!r} is no number of a version")
    return int(word)


def _place(one: FlowVersion) -> Place:
    return Place(one.at, str(one.number))


def _changes(name: str, number: int, before: str, after: str) -> str:
    """Ends of lines are told as they are, so that each line of the diff is a line."""
    lines = unified_diff(
        before.splitlines(),
        after.splitlines(),
        f"{name}.yaml {number - 1}",
        f"{name}.yaml {number}",
        lineterm="",
    )
    return "\n".join(lines)
