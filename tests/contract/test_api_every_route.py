"""Rules that hold at every door of the line, tried at each: what is done once, and what is written down."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.app import serving
from api.route import Asked
from core.clock import SystemClock
from db.answers import StoredAnswers
from db.engine import Work
from node.opened import every_route
from tests.contract.doors import path_to

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_a_post_that_comes_twice_with_its_key_is_done_once(work: Work) -> None:
    done = Counter[str]()

    async def do(asked: Asked[Any, Any]) -> web.Response:
        done[asked.request.path] += 1
        return web.Response(status=201, text=f"done {done[asked.request.path]}")

    posts = [one for one in every_route() if one.method == "POST" and one.replays]
    table = [replace(one, handler=do, query=None, body=None, reads_body=True) for one in posts]
    async with TestClient(TestServer(serving(table, answers=StoredAnswers(work, SystemClock())))) as client:
        for number, one in enumerate(table):
            headers = {"Idempotency-Key": f"key-{number}"}
            answers = [await client.post(path_to(one), json={"x": 1}, headers=headers) for _ in range(2)]
            assert [await answer.text() for answer in answers] == ["done 1", "done 1"], one.path
            other = await client.post(path_to(one), json={"x": 2}, headers=headers)
            assert (other.status, (await other.json())["code"]) == (409, "idempotency_key_reused"), one.path
    assert set(done.values()) == {1}
    assert len(done) == len(posts) > 20
