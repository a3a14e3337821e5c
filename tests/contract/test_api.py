"""The API over real HTTP on the loopback: what it answers, and what it refuses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import anyio
import pytest
from aiohttp import WSCloseCode, WSMsgType
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from api.app import build
from api.auth import by_key
from api.broadcast import Broadcast
from api.services import PartHealth, Recordings, Services
from core.clock import SystemClock
from core.errors import BadInput, StoreLost
from core.events import CallStarted, Recorded, Said
from core.ids import CallId
from db.call_list import CallFilter
from db.pages import Place
from db.payment_list import PaymentFilter
from ivr.capture.booth import Safe
from ivr.capture.captures import Captures
from ivr.capture.guard import Guard
from ivr.capture.till import DeskTill
from ivr.live import LiveCalls
from ivr.sessions import Session
from payments.desk import Desk
from payments.memory import MemoryPayments
from payments.memory_money_back import memory_stores
from payments.route import FirstRoute
from payments.store import Payment
from payments.vault import Vault
from payments.webhooks.outbox import MemoryOutbox
from pbx.call import Call, NotReached
from pbx.cause import Cause
from pbx.fake.switch import Answers, FakeSwitch
from pbx.switch import Dial

pytestmark = pytest.mark.anyio

_AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
_CALL = CallId("call_1")
_SESSION = Session(_CALL, "1000", "+15550101", "pay_bill", "n1", _AT)
_FACTS = [
    Recorded(1, _AT, CallStarted(_CALL, number="1000", caller="+15550101", flow="pay_bill")),
    Recorded(2, _AT, Said(_CALL, prompt="welcome", text="Welcome.")),
]


class _Sessions:
    def __init__(self, fails: bool = False) -> None:
        self._fails = fails

    async def page(self, wanted: CallFilter, place: Place | None, limit: int) -> list[Session]:
        if self._fails:
            raise StoreLost("the database at 127.0.0.1 does not answer; start it and ask again")
        return [_SESSION] if wanted.live is not False else []

    async def find(self, call: CallId) -> Session | None:
        return _SESSION if call == _CALL else None


class _NoPayments:
    async def page(self, wanted: PaymentFilter, place: Place | None, limit: int) -> list[Payment]:
        return []


class _FactLog:
    async def read(self, after: int = 0, call: CallId | None = None, limit: int = 1000) -> list[Recorded]:
        return [one for one in _FACTS if one.seq > after and call in (None, one.fact.call)][:limit]

    async def newest(self) -> int:
        return _FACTS[-1].seq

    async def follow(self, after: int | None = None) -> AsyncIterator[Recorded]:
        for one in await self.read(after or 0):
            yield one


@asynccontextmanager
async def _client(
    up: bool = True, key: str = "", fails: bool = False
) -> AsyncIterator[TestClient[Request, Application]]:
    async def health() -> list[PartHealth]:
        return [PartHealth("switch", up, "Asterisk 22")]

    async def place(dial: Dial) -> Call | NotReached:
        if dial.flow != "pay_bill":
            raise BadInput(f"there is no flow {dial.flow!r}")
        return NotReached(dial.to, Cause.BUSY) if dial.to == "201" else await _answered(dial)

    facts = Broadcast(_FactLog())
    services = Services(
        _Sessions(fails),
        _NoPayments(),
        Recordings(Path("/nonexistent")),
        facts,
        health,
        lambda: b"calls_up 1\n",
        place,
        _captures(),
    )
    async with TestClient(TestServer(build(services, gate=by_key(key)))) as client:
        yield client


def _captures() -> Captures:
    """On a line where no call is up."""
    clock = SystemClock()
    vault = Vault()
    desk = Desk(
        memory_stores(MemoryPayments(clock)), vault, {}, FirstRoute([]), clock=clock, chance=Random(1)
    )
    safe = Safe(vault, clock, Guard({}))
    return Captures(LiveCalls(), safe, DeskTill(desk), MemoryOutbox())


async def _answered(dial: Dial) -> Call | NotReached:
    switch = FakeSwitch()
    switch.answers[dial.to] = Answers(after_s=0)
    async with anyio.create_task_group() as tasks:
        await tasks.start(switch.run)
        call = await switch.originate(dial)
        tasks.cancel_scope.cancel()
    return call


async def test_a_call_is_placed() -> None:
    async with _client() as client:
        order = {"to": "+15550101", "flow": "pay_bill", "from": "+15550100"}
        answer = await client.post("/v1/calls", json=order)
        assert answer.status == 201
        placed = await answer.json()
        assert placed["id"].startswith("call_")
        assert (placed["to"], placed["flow"]) == ("+15550101", "pay_bill")


async def test_whoever_is_not_reached_is_told_with_the_reason() -> None:
    async with _client() as client:
        answer = await client.post("/v1/calls", json={"to": "201", "flow": "pay_bill"})
        assert answer.status == 409
        told = await answer.json()
        assert (told["code"], told["detail"]) == ("not_reached", "201 was not reached: busy")


@pytest.mark.parametrize(
    "order",
    [{}, {"to": "202"}, {"to": "", "flow": "pay_bill"}, {"to": "202", "flow": "sell_shoes"}, [], "x"],
    ids=str,
)
async def test_a_wrong_order_for_a_call_is_refused_with_a_reason(order: object) -> None:
    async with _client() as client:
        answer = await client.post("/v1/calls", json=order)
        assert answer.status == 400
        assert (await answer.json())["code"] == "bad_input"


async def test_a_call_is_listed() -> None:
    async with _client() as client:
        answer = await client.get("/v1/calls?limit=5")
        assert answer.status == 200
        [call] = (await answer.json())["data"]
        assert (call["id"], call["caller"], call["ended_at"]) == ("call_1", "+15550101", None)
        assert (await (await client.get("/v1/calls?state=ended")).json())["data"] == []


async def test_one_call_is_shown_with_all_that_happened_on_it() -> None:
    async with _client() as client:
        call = await (await client.get("/v1/calls/call_1")).json()
        assert (call["id"], call["state"], call["recording"]) == ("call_1", "live", None)
        assert [fact["kind"] for fact in call["timeline"]] == ["CallStarted", "Said"]
        assert [(one["voice"], one["text"]) for one in call["transcript"]] == [("line", "Welcome.")]
        assert (await client.get("/v1/calls/call_2")).status == 404


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=many", "sort=up"])
async def test_a_wrong_query_is_refused_with_a_reason(query: str) -> None:
    async with _client() as client:
        answer = await client.get(f"/v1/calls?{query}")
        assert answer.status == 400
        assert answer.content_type == "application/problem+json"
        assert query.split("=", maxsplit=1)[0] in (await answer.json())["detail"]


async def test_a_timeline_shows_the_facts_of_one_call() -> None:
    async with _client() as client:
        facts = (await (await client.get("/v1/calls/call_1/timeline")).json())["facts"]
        assert [fact["kind"] for fact in facts] == ["CallStarted", "Said"]
        assert (await client.get("/v1/calls/call_2/timeline")).status == 404


async def test_a_database_that_is_away_is_503_and_says_so() -> None:
    async with _client(fails=True) as client:
        answer = await client.get("/v1/calls")
        assert answer.status == 503
        assert (await answer.json())["code"] == "out_of_reach"


async def test_live_resumes_after_a_number() -> None:
    async with _client() as client, client.ws_connect("/v1/live") as socket:
        await socket.send_json({"topics": ["calls"], "since": 1})
        told = await socket.receive_json(timeout=5)
        assert (told["seq"], told["kind"], told["topic"], told["text"]) == (2, "Said", "calls", "Welcome.")
        assert await socket.receive_json(timeout=5) == {"kind": "caught_up", "seq": 2}


@pytest.mark.parametrize(
    "wish", ["x", "[]", "{}", '{"topics": []}', '{"topics": ["x"]}', '{"topics": ["*"], "since": "x"}']
)
async def test_live_says_what_is_wrong_with_a_wish_and_closes(wish: str) -> None:
    async with _client() as client, client.ws_connect("/v1/live") as socket:
        await socket.send_str(wish)
        closed = await socket.receive(timeout=5)
        assert (closed.type, closed.data) == (WSMsgType.CLOSE, WSCloseCode.POLICY_VIOLATION)
        assert closed.extra


async def test_live_is_for_websockets_alone() -> None:
    async with _client() as client:
        answer = await client.get("/v1/live")
        assert (answer.status, (await answer.json())["code"]) == (426, "websocket_needed")


async def test_without_the_key_only_health_and_metrics_are_open() -> None:
    async with _client(key="k3y") as client:
        assert (await client.get("/v1/calls")).status == 401
        assert (await client.get("/v1/calls", headers={"Authorization": "Bearer k3y"})).status == 200
        assert [(await client.get(path)).status for path in ("/healthz", "/readyz", "/metrics")] == [200] * 3


async def test_not_ready_while_a_part_is_away() -> None:
    async with _client(up=False) as client:
        answer = await client.get("/readyz")
        assert answer.status == 503
        assert (await answer.json())["parts"]["switch"] == {"up": False, "about": "Asterisk 22"}
