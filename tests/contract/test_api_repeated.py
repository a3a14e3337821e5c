"""Idempotency keys over real HTTP and the real PostgreSQL."""

from collections.abc import AsyncIterator

import anyio
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import BaseModel
from sqlalchemy import select

from api.app import serving
from api.problem import NotDone
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.clock import SystemClock
from core.errors import StoreLost
from db.answer_tables import api_answers
from db.answers import StoredAnswers
from db.engine import Work

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
Client = TestClient[web.Request, web.Application]


class Order(BaseModel, extra="forbid"):
    amount: int


class Made(BaseModel):
    number: int
    secret: str = "known to whoever asked"


class Shop:
    def __init__(self) -> None:
        self.made = 0
        self.away = False
        self.begun, self.slow = anyio.Event(), anyio.Event()

    def table(self) -> Table:
        return [
            Route("POST", "/v1/orders", self.order, Scope.SELF, "Order", body=Order, answer=Made, status=201)
        ]

    async def order(self, asked: Asked[None, Order]) -> Made:
        if self.away:
            raise StoreLost("the store is away")
        self.made += 1
        if asked.body.amount == 0:
            raise NotDone(409, "nothing", "that is nothing")
        if asked.body.amount == 1:
            self.begun.set()
            await self.slow.wait()
        return Made(number=self.made)


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
async def client(work: Work, shop: Shop) -> AsyncIterator[Client]:
    app = serving(shop.table(), answers=StoredAnswers(work, SystemClock()))
    async with TestClient(TestServer(app)) as client:
        yield client


async def _post(client: Client, amount: int, key: str) -> tuple[int, dict[str, object]]:
    async with client.post("/v1/orders", json={"amount": amount}, headers={"Idempotency-Key": key}) as answer:
        return answer.status, await answer.json()


async def test_the_same_key_gives_the_same_answer_and_nothing_is_done_twice(
    client: Client, shop: Shop
) -> None:
    first = await _post(client, 5, "k1")
    assert await _post(client, 5, "k1") == first == (201, {"number": 1, "secret": "known to whoever asked"})
    assert (await _post(client, 5, "k2"))[1]["number"] == 2
    assert shop.made == 2


async def test_the_same_key_for_something_else_is_refused(client: Client, shop: Shop) -> None:
    await _post(client, 5, "k1")
    status, told = await _post(client, 6, "k1")
    assert (status, told["code"], shop.made) == (409, "idempotency_key_reused", 1)


async def test_two_who_ask_at_once_are_served_once(client: Client, shop: Shop) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_post, client, 1, "k1")
        await shop.begun.wait()
        status, told = await _post(client, 1, "k1")
        assert (status, told["code"]) == (409, "idempotency_key_in_use")
        shop.slow.set()
    assert (await _post(client, 1, "k1"))[0] == 201
    assert shop.made == 1


async def test_a_refusal_is_an_answer_and_a_part_that_is_away_is_none(client: Client, shop: Shop) -> None:
    assert (await _post(client, 0, "k1"))[1]["code"] == "nothing"
    assert (await _post(client, 0, "k1"))[1]["code"] == "nothing"
    assert shop.made == 1
    shop.away = True
    assert (await _post(client, 5, "k2"))[0] == 503
    shop.away = False
    assert (await _post(client, 5, "k2"))[0] == 201


async def test_what_is_kept_cannot_be_read_without_the_key(client: Client, work: Work) -> None:
    await _post(client, 5, "k1")
    async with work.begin() as tx:
        [row] = (await tx.execute(select(api_answers))).all()
    assert b"known to whoever" not in row.sealed
    assert b"k1" not in row.key


@pytest.mark.parametrize("key", ["x" * 201, "\N{SNOWMAN}"])
async def test_a_key_that_is_none_is_refused(client: Client, key: str) -> None:
    assert (await _post(client, 5, key))[0] == 400
