"""A connection to Asterisk over a socket that is only a queue."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest

from core.errors import CallGone, SwitchLost
from pbx.ari.connection import Connection
from pbx.ari.model import Event, StasisStart, UnknownEvent
from pbx.ari.protocol import Garbled, Protocol, Request
from pbx.ari.rest import Rejected, Rest

pytestmark = pytest.mark.anyio

Reply = Callable[[dict[str, Any]], list[str]]


class QueueSocket:
    """Answers each request as `reply` says; a reply of nothing is a silent Asterisk."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._messages: list[str] = []
        self._came = anyio.Event()
        self._closed = False

    async def send(self, message: str | bytes) -> None:
        self.say(*self._reply(json.loads(message)))

    async def receive(self) -> str | bytes:
        while not self._messages:
            if self._closed:
                raise SwitchLost("closed")
            await self._came.wait()
            self._came = anyio.Event()
        return self._messages.pop(0)

    async def close(self) -> None:
        self._closed = True
        self._came.set()

    def say(self, *messages: str) -> None:
        self._messages += messages
        self._came.set()


def answered(status: int, body: object = None) -> Reply:
    return lambda request: [
        json.dumps(
            {
                "type": "RESTResponse",
                "request_id": request["request_id"],
                "status_code": status,
                "reason_phrase": "",
                "message_body": json.dumps(body) if body is not None else "",
            }
        )
    ]


@asynccontextmanager
async def connected(reply: Reply, heard: list[Event]) -> AsyncIterator[tuple[Rest, QueueSocket]]:
    socket, rest = QueueSocket(reply), Rest()
    connection = Connection(socket, heard.append)
    rest.use(connection)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(connection.run)
        yield rest, socket
        tasks.cancel_scope.cancel()


async def test_an_answer_finds_whoever_asked() -> None:
    async with connected(answered(200, {"id": "1"}), []) as (rest, _):
        assert await rest.ask("GET", "channels", "1") == {"id": "1"}


async def test_parameters_go_into_the_body_of_a_post_and_into_the_query_otherwise() -> None:
    sent: list[dict[str, Any]] = []

    def reply(request: dict[str, Any]) -> list[str]:
        sent.append(request)
        return answered(204)(request)

    async with connected(reply, []) as (rest, _):
        await rest.ask("POST", "channels", "a/b", "play", media=["sound:/a,b"])
        await rest.ask("DELETE", "channels", "1", reason_code=17)
    assert sent[0]["uri"] == "channels/a%2Fb/play"
    assert json.loads(sent[0]["message_body"]) == {"media": ["sound:/a,b"]}
    assert sent[1]["query_strings"] == [{"name": "reason_code", "value": "17"}]


async def test_a_channel_that_is_not_found_is_a_call_that_has_gone() -> None:
    async with connected(answered(404, {"message": "Channel not found"}), []) as (rest, _):
        with pytest.raises(CallGone):
            await rest.ask("POST", "channels", "1", "answer")
        with pytest.raises(Rejected, match="Channel not found"):
            await rest.ask("GET", "bridges", "1")


async def test_a_silent_asterisk_is_lost_within_the_deadline() -> None:
    async with connected(lambda _request: [], []) as (rest, _):
        with pytest.raises(SwitchLost, match="did not answer GET asterisk/info"):
            await rest.ask_within(0.05, "GET", "asterisk", "info")


async def test_whoever_waits_for_an_answer_is_woken_when_the_connection_goes() -> None:
    heard: list[Event] = []
    async with connected(lambda _request: [], heard) as (rest, socket), anyio.create_task_group() as tasks:

        async def cut() -> None:
            await socket.close()

        tasks.start_soon(cut)
        with anyio.fail_after(1), pytest.raises(SwitchLost, match="connection was lost"):
            await rest.ask("GET", "asterisk", "info")


async def test_nobody_is_asked_while_there_is_no_connection() -> None:
    with pytest.raises(SwitchLost, match="not connected"):
        await Rest().ask_within(0.01, "GET", "channels")


async def test_events_come_in_order_and_garbage_between_them_does_no_harm() -> None:
    heard: list[Event] = []
    async with connected(answered(200), heard) as (rest, socket):
        socket.say('{"type":"StasisStart","args":["a=b"]}', "not json", "[1]", '{"type":"Novelty"}')
        await rest.ask("GET", "channels")
    assert [type(event) for event in heard] == [StasisStart, UnknownEvent]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7"])
def test_what_is_no_json_object_is_garbled(text: str) -> None:
    with pytest.raises(Garbled):
        Protocol().hear(text)


def test_requests_are_numbered() -> None:
    protocol = Protocol()
    first, _ = protocol.ask(Request("GET", "channels"))
    second, _ = protocol.ask(Request("GET", "channels"))
    assert first != second
