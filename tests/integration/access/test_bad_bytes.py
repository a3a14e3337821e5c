"""Bytes that no good client sends: headers within headers, heads without end, bodies that drip, scripts."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest
from anyio.abc import SocketStream

from api import body
from node import http
from tests.integration.access.conftest import House, OpenHouse

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_SCRIPT = "<script>alert('Robin')</script>"


@asynccontextmanager
async def _wire(house: House) -> AsyncIterator[SocketStream]:
    async with await anyio.connect_tcp("127.0.0.1", house.settings.api.port) as stream:
        yield stream


async def _said(stream: SocketStream, within_s: float = 10) -> bytes:
    """Everything until the connection ends."""
    told = b""
    with anyio.fail_after(within_s):
        while True:
            try:
                told += await stream.receive()
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return told


@pytest.mark.parametrize(
    "head",
    [
        b"X-CSRF-Token: a\rSet-Cookie: b=c",
        b"X-CSRF-Token: a\x00b",
        b"X-CSRF-Token : a",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Transfer-Encoding: chunked, identity",
        b" folded: yes",
    ],
)
async def test_a_header_within_a_header_is_refused(house: House, head: bytes) -> None:
    async with _wire(house) as stream:
        await stream.send(b"POST /v1/session HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n")
        told = await _said(stream)
    assert re.match(rb"HTTP/1\.[01] 400 ", told)
    assert b"\nSet-Cookie" not in told


@pytest.mark.parametrize(
    "email", ["robin@example.com\r\nSet-Cookie: a=b", "robin@example.com\nBcc: x", "robin\0@example.com"]
)
async def test_an_address_with_a_line_in_it_is_no_address(house: House, email: str) -> None:
    admin = await house.signed_in("admin@example.com")
    answer = await admin.post("/v1/users", {"email": email, "role": "agent"})
    assert answer.status == 400
    tried = await house.visitor().post("/v1/session", {"email": email, "password": "x" * 12})
    assert tried.status in {400, 401}
    assert "Set-Cookie" not in tried.headers


async def test_a_head_that_is_too_long_is_refused(house: House) -> None:
    for head in (
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /v1/session HTTP/1.1\r\nHost: localhost\r\nCookie: tellerline_session="
        + b"a" * 20_000
        + b"\r\n\r\n",
    ):
        async with _wire(house) as stream:
            await stream.send(head)
            assert re.match(rb"HTTP/1\.[01] 4\d\d ", await _said(stream))


async def test_a_head_that_does_not_end_ends_the_connection(
    opened: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "_SILENT_S", 0.5)
    house = await opened()
    async with _wire(house) as stream:
        with anyio.fail_after(10), pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
            await _drip(stream)


async def _drip(stream: SocketStream) -> None:
    await stream.send(b"GET /v1/session HTTP/1.1\r\nHost: localhost\r\n")
    while True:
        await stream.send(b"X-Slow: a\r\n")
        with anyio.move_on_after(0.1):
            await stream.receive()


async def test_a_body_that_drips_in_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_BODY_S", 0.3)
    async with _wire(house) as stream:
        await stream.send(
            b"POST /v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\nConnection: close\r\n\r\n"
        )
        await stream.send(b"{")
        with anyio.fail_after(5):
            told = await stream.receive()
    assert re.match(rb"HTTP/1\.[01] 408 ", told)


async def test_every_answer_keeps_browsers_from_doing_more(house: House) -> None:
    robin = await house.signed_in("robin@example.com")
    answers = {path: await robin.get(path) for path in ("/v1/users", "/v1/nothing", "/v1/audit?limit=x")}
    for path, answer in answers.items():
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe-inline" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Server"] == "Tellerline"  # and not which versions
        assert "Strict-Transport-Security" not in answer.headers  # this one speaks plain HTTP


async def test_a_script_for_a_name_is_text_and_never_a_page(house: House) -> None:
    robin = await house.signed_in("robin@example.com")
    made = await robin.post("/v1/users", {"email": "sam@example.com", "role": "agent", "name": _SCRIPT})
    assert (made.status, made.json["name"]) == (201, _SCRIPT)
    listed = await robin.get("/v1/users")
    assert listed.headers["Content-Type"].startswith("application/json")
    wrong = await robin.get(f"/v1/users/{_SCRIPT}")
    assert wrong.headers["Content-Type"].startswith("application/problem+json")


async def test_a_formula_for_an_address_is_text_in_a_spreadsheet(house: House) -> None:
    admin = await house.signed_in("admin@example.com")
    await admin.post("/v1/keys", {"name": "=HYPERLINK(1)", "scopes": ["users:read"]})
    table = await admin.get("/v1/audit", Accept="text/csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    lines = table.text.splitlines()
    assert lines[0] == "seq,at,action,subject,by,name,address,detail"
    assert not [cell for line in lines for cell in line.split(",") if cell.startswith("=")]
