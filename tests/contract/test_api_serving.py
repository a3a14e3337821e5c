"""What every route does, over real HTTP: reading, refusing, pages of a list, CSV, the document."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import BaseModel, Field

from api.app import serving
from api.paging import ListQuery, Page, page_of
from api.route import Asked, Route, Table
from api.routes import reference
from api.scopes import Scope
from db.pages import Place

pytestmark = pytest.mark.anyio
Client = TestClient[web.Request, web.Application]
_AT = datetime(2026, 1, 31, tzinfo=UTC)
_NAMES = ["=1+1", "@SUM(A1)", "-2", "plain, with a comma", *(f"thing {n}" for n in range(600))]


class Thing(BaseModel):
    name: str
    minor: int = -5


class Order(BaseModel, extra="forbid"):
    name: str = Field(max_length=20)
    parts: list[int] = []


async def _things(asked: Asked[ListQuery, None]) -> Page[Thing]:
    place = asked.query.place()
    first = int(place.id) + 1 if place else 0
    found = list(enumerate(_NAMES))[first : first + asked.query.limit + 1]
    return page_of(found, asked.query.limit, lambda one: Thing(name=one[1]), _place)


def _place(one: tuple[int, str]) -> Place:
    return Place(_AT - timedelta(seconds=one[0]), str(one[0]))


async def _order(asked: Asked[None, Order]) -> Thing:
    return Thing(name=asked.body.name)


def _table() -> Table:
    table: list[Route[ListQuery, None] | Route[None, Order]] = [
        Route("GET", "/v1/things", _things, Scope.SELF, "Things", ListQuery, answer=Page[Thing], csv=True),
        Route("POST", "/v1/things", _order, Scope.SELF, "Order", body=Order, answer=Thing, status=201),
    ]
    return [*table, *reference.routes(table)]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with TestClient(TestServer(serving(_table()))) as client:
        yield client


async def test_a_list_comes_a_page_at_a_time_and_none_is_shown_twice(client: Client) -> None:
    names: list[str] = []
    cursor = ""
    while True:
        page = await (await client.get("/v1/things", params={"limit": "250", "cursor": cursor})).json()
        names += [one["name"] for one in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
    assert names == _NAMES


@pytest.mark.parametrize("cursor", ["x", "e30", "WyJub3ciLCJhIl0", "W10", "[" * 300, "%ff"])
async def test_a_cursor_that_is_none_of_ours_is_refused(client: Client, cursor: str) -> None:
    answer = await client.get(f"/v1/things?cursor={cursor}")
    assert (answer.status, (await answer.json())["code"]) == (400, "bad_input")


async def test_a_list_as_csv_has_all_rows_and_no_formula(client: Client) -> None:
    answer = await client.get("/v1/things?limit=2", headers={"Accept": "text/csv"})
    assert answer.content_type == "text/csv"
    lines = (await answer.text()).splitlines()
    assert lines[:5] == ["name,minor", "'=1+1,-5", "'@SUM(A1),-5", "'-2,-5", '"plain, with a comma",-5']
    assert len(lines) == 1 + len(_NAMES)


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (b'{"name": "a", "colour": "red"}', "colour"),
        (b'{"name": 7}', "name"),
        (b'{"name": "a", "parts": [1, "x"]}', "parts.1"),
        (b'{"parts": []}', "name"),
        (b"[]", ""),
        (b"", "name"),
    ],
)
async def test_each_mistake_is_told_with_its_place(client: Client, body: bytes, at: str) -> None:
    answer = await client.post("/v1/things", data=body)
    told = await answer.json()
    assert (answer.status, answer.content_type, told["code"]) == (
        400,
        "application/problem+json",
        "bad_input",
    )
    assert at in [one["at"] for one in told["errors"]]


@pytest.mark.parametrize(
    "body",
    [b"{", b"[" * 60_000, b'{"name": "a\\u0000b"}', b'{"name": "\\ud800"}', b"\xff\xfe", b"NaN"],
    ids=len,
)
async def test_what_is_no_json_or_no_text_is_refused(client: Client, body: bytes) -> None:
    answer = await client.post("/v1/things", data=body)
    assert (answer.status, (await answer.json())["code"]) == (400, "bad_input")


async def test_a_huge_body_is_refused(client: Client) -> None:
    answer = await client.post("/v1/things", data=b'{"name": "' + b"a" * 100_000)
    assert (answer.status, answer.content_type) == (413, "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/v1/things?limit=%00", "/v1/things?limit=%ff", "/v1/things?limit=1&limit=2"]
)
async def test_a_query_that_is_no_text_or_comes_twice_is_refused(client: Client, path: str) -> None:
    assert (await client.get(path)).status == 400


async def test_what_is_not_there_is_a_problem_too(client: Client) -> None:
    answer = await client.get("/v1/nothing")
    assert (answer.status, (await answer.json())["code"]) == (404, "not_found")
    answer = await client.delete("/v1/things")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD,POST")


async def test_the_document_is_served_and_a_page_of_it_that_runs_nothing(client: Client) -> None:
    told = await (await client.get("/v1/openapi.json")).json()
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]["/v1/things"]) == {"get", "post"}
    answer = await client.get("/docs")
    page = await answer.text()
    assert "/v1/things" in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href|action)=[\"']?(?:\w+:)?//", page), "nothing comes from another host"
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
