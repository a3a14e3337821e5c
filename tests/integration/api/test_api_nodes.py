"""Two nodes of one line on one real PostgreSQL: whichever is asked, the one that holds the call acts."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import anyio
import pytest
from aiohttp import ClientWebSocketResponse

from core.audio import Audio
from core.clock import SystemClock
from core.events import RecordingBegan
from core.ids import CallId
from db.engine import Work
from db.facts import KeptFacts
from ivr.sessions import Session
from pbx.fake.phone import Phone
from tests.integration.api.acting import done, stays, up
from tests.integration.api.rig import Api, open_api
from tests.integration.line.poll import until

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.fixture
async def one(work: Work, url: str, tmp_path: Path) -> AsyncIterator[Api]:
    (tmp_path / "one").mkdir()
    async with open_api(work, url, tmp_path / "one", live=True, node="one") as api:
        yield api


@pytest.fixture
async def other(one: Api, url: str, tmp_path: Path) -> AsyncIterator[Api]:
    (tmp_path / "other").mkdir()
    shutil.copy(tmp_path / "one" / "master.key", tmp_path / "other" / "master.key")
    work = Work(url)
    async with open_api(work, url, tmp_path / "other", live=True, node="other") as api:
        yield api
    await work.close()


async def _listened(phone: Phone) -> None:
    async def there() -> bool:
        return bool(phone.call.listeners)

    await until(there, 5, "nobody listens")


async def test_acts_asked_of_either_node_reach_the_one_that_holds_the_call(one: Api, other: Api) -> None:
    phone = await up(other)
    assert (await done(one, phone, "dtmf", {"keys": "1#"})) == (200, {"call": phone.call.id, "done": True})
    assert phone.call.sent_keys == "1#"
    assert (await done(one, phone, "play", {"text": "é" * 400}))[0] == 200
    assert (await done(one, phone, "language", {"language": "es"}))[0] == 200
    assert (await done(one, phone, "silence", {"detect": False}))[0] == 200
    assert (await done(one, phone, "hangup"))[0] == 200
    await phone.ended()
    with anyio.fail_after(5):
        await other.runner.drained()
    assert (await done(one, phone, "hangup"))[0] == 404


async def test_what_the_other_node_refuses_is_refused_in_its_own_words(one: Api, other: Api) -> None:
    phone = await up(other)
    here = [await done(api, phone, "dtmf", {"keys": "12x"}) for api in (one, other)]
    assert here[0] == here[1]
    assert (here[0][0], here[0][1]["code"]) == (400, "bad_input")
    status, told = await done(one, phone, "language", {"language": "tlh"})
    assert (status, told["code"]) == (400, "bad_input")


async def test_an_act_with_an_idempotency_key_is_done_once_whichever_node_is_asked(
    one: Api, other: Api
) -> None:
    phone = await up(other)
    path = f"/v1/calls/{phone.call.id}/dtmf"
    for api in (one, other, one):
        status, _ = await api.asked("POST", path, {"keys": "7"}, **{"Idempotency-Key": "press-seven"})
        assert status == 200
    assert phone.call.sent_keys == "7"


async def test_a_capture_is_led_from_the_other_node(one: Api, other: Api) -> None:
    phone = other.switch.place(stays, flow="for_application")
    await phone.hears_out("One moment", timeout_s=10)
    await anyio.sleep(0.1)
    led = f"/v1/calls/{phone.call.id}/payments"
    order = {"ChargeAmount": "12.50", "Currency": "usd"}
    status, begun = await one.asked("POST", led, order, **{"Idempotency-Key": "first"})
    assert status == 201, begun
    assert isinstance(begun, dict)
    status, shown = await one.got(f"{led}/{begun['Sid']}")
    assert (status, shown) == await other.got(f"{led}/{begun['Sid']}")
    status, over = await one.asked("POST", f"{led}/{begun['Sid']}", {"Status": "cancel"})
    assert status == 200, over
    phone.hang_up()
    with anyio.fail_after(5):
        await other.runner.drained()
    asked = f"{led}/{begun['Sid']}"
    assert await one.got(asked) == await other.got(asked), "after the call, too"


async def test_a_call_of_the_other_node_is_listened_to_until_it_ends(one: Api, other: Api) -> None:
    phone = await up(other)
    status, ear = await done(one, phone, "listen")
    assert status == 201
    async with one.client.get(ear["url"]) as heard:
        assert (heard.status, heard.content_type) == (200, "audio/wav")
        assert (await heard.content.readexactly(44))[:4] == b"RIFF"
        await _listened(phone)
        for _ in range(100):
            phone.call.say(Audio(b"\x10\x20" * 320, 16_000))
            await anyio.sleep(0.01)
        assert await heard.content.readexactly(64_000) == b"\x10\x20" * 32_000
        phone.hang_up()
        await heard.content.read()


async def test_whoever_stops_listening_is_not_listened_for_any_more(one: Api, other: Api) -> None:
    phone = await up(other)
    _, ear = await done(one, phone, "listen")
    async with one.client.get(ear["url"]) as heard:
        await heard.content.readexactly(44)
        await _listened(phone)
    with anyio.fail_after(10):
        while phone.call.listeners:
            phone.call.say(Audio(b"\x10\x20" * 320, 16_000))
            await anyio.sleep(0.02)


async def test_a_node_that_is_gone_is_named(one: Api) -> None:
    now = SystemClock().now()
    lost = CallId("call_lost")
    await one.sessions.start(Session(lost, "1000", "+15550101", "pay_bill", "gone", now))
    with anyio.fail_after(8):
        status, told = await one.asked("POST", "/v1/calls/call_lost/hangup")
    assert isinstance(told, dict)
    assert (status, told["code"]) == (503, "node_gone")
    assert "the node gone does not answer" in told["detail"]
    await one.sessions.end(lost, now, "hung_up", "normal")
    assert (await one.asked("POST", "/v1/calls/call_lost/hangup"))[0] == 404


async def _recorded(api: Api, name: str, node: str) -> CallId:
    """A call on record that was recorded."""
    call, now = CallId(name), SystemClock().now()
    await api.sessions.start(Session(call, "1000", "+15550101", "pay_bill", node, now))
    await api.sessions.end(call, now, "paid", "normal")
    kept = KeptFacts(api.work, SystemClock())
    kept.tell(RecordingBegan(call))
    assert await kept.flush()
    return call


async def test_a_recording_that_lies_at_another_node_is_heard_at_this_one(one: Api, other: Api) -> None:
    call = await _recorded(one, "call_there", "other")
    sound = Random(7).randbytes(2_500_000)
    (other.recordings / f"{call}.wav").write_bytes(sound)
    _, told = await one.got(f"/v1/calls/{call}")
    assert isinstance(told, dict)
    path = told["recording"]
    async with one.client.get(path) as whole:
        assert (whole.status, whole.content_type) == (200, "audio/wav")
        assert await whole.read() == sound
    for asked, begin, end in (
        ("10-19", 10, 20),
        ("2000000-", 2_000_000, 2_500_000),
        ("-7", 2_499_993, 2_500_000),
    ):
        async with one.client.get(path, headers={"Range": f"bytes={asked}"}) as part:
            assert (part.status, await part.read()) == (206, sound[begin:end])
            assert part.headers["Content-Range"] == f"bytes {begin}-{end - 1}/2500000"
    async with one.client.get(path, headers={"Range": "bytes=3000000-"}) as beyond:
        assert beyond.status == 416


async def test_a_recording_that_lies_here_is_not_asked_for_elsewhere(one: Api) -> None:
    call = await _recorded(one, "call_here", "gone")
    (one.recordings / f"{call}.wav").write_bytes(b"RIFF here")
    async with one.client.get(f"/v1/calls/{call}/recording") as answer:
        assert (answer.status, await answer.read()) == (200, b"RIFF here")


async def test_a_recording_at_a_node_that_is_gone_names_the_node(one: Api) -> None:
    call = await _recorded(one, "call_gone", "gone")
    status, told = await one.got(f"/v1/calls/{call}/recording")
    assert isinstance(told, dict)
    assert (status, told["code"]) == (503, "node_gone")
    assert "the node gone does not answer" in told["detail"]


async def test_a_recording_that_is_not_there_any_more_is_said_to_be_none(one: Api, other: Api) -> None:
    call = await _recorded(other, "call_erased", "other")
    assert (await one.got(f"/v1/calls/{call}/recording"))[0] == 404
    _, told = await other.got(f"/v1/calls/{call}")
    assert isinstance(told, dict)
    assert told["recording"] is None, "where it would lie it is known to be gone"


async def test_what_happens_on_a_node_is_told_live_at_the_other(one: Api, other: Api) -> None:
    async with one.client.ws_connect("/v1/live") as here, other.client.ws_connect("/v1/live") as there:
        for socket in (here, there):
            await socket.send_json({"topics": ["calls"]})
            assert (await socket.receive_json(timeout=10))["kind"] == "caught_up"
        phone = await up(other)
        told = [await _started(socket, phone) for socket in (here, there)]
    assert told[0] == told[1]


async def _started(socket: ClientWebSocketResponse, phone: Phone) -> dict[str, Any]:
    while True:
        told: dict[str, Any] = await socket.receive_json(timeout=10)
        if told["kind"] == "CallStarted" and told["call"] == phone.call.id:
            return told
