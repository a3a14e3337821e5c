"""The one request with a card in it: written from locked memory onto a checked TLS connection.

A vendor's SDK leaves copies of the number behind as strings; here it is in a Secret, in OpenSSL's
buffer for the length of one write, and nowhere else.
"""

import io
import json
import socket
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPException, HTTPResponse
from typing import Any, Final, cast
from urllib.parse import urlsplit

import anyio
from anyio.streams.tls import TLSStream

from core.secret import Secret
from payments.card import CardEntry
from payments.outcome import NotAttempted, Unknown

_REQUEST_BYTES: Final = 4096
_REPLY_BYTES: Final = 65536


class Part(Enum):
    """A part of a card or a bank account, as it stands in the buffer: month and year are two digits each."""

    NUMBER = "number"
    MONTH = "month"
    YEAR = "year"
    CODE = "code"
    ROUTING = "routing"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class CardForm:
    """A request's body: what stands around the parts of a card or a bank account, in order.

    `code` is what is said of the security code, in its place before `end`; left out where none was asked for.
    """

    path: str
    content_type: str
    before: Sequence[bytes | Part]
    code: Sequence[bytes | Part]
    end: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered; a vendor's body carries the last four digits and no more."""

    status: int
    body: dict[str, Any]  # JSON of the vendor's


@dataclass(frozen=True, slots=True)
class Wire:
    """How to reach the server: an https address, and whom to trust."""

    url: str
    context: ssl.SSLContext
    connect_s: float = 5.0
    answer_s: float = 10.0

    async def post_card(
        self, card: CardEntry, form: CardForm, headers: Mapping[str, str]
    ) -> Reply | NotAttempted | Unknown:
        """Send the card as the form has it.

        Nothing is sent before the certificate is checked; after that any silence is Unknown.
        """
        with Secret(_REQUEST_BYTES) as request:
            _write(request, card, form, {"Host": urlsplit(self.url).netloc, **headers})
            try:
                async with self._connected() as stream:
                    return await self._exchanged(stream, request)
            except (OSError, ssl.SSLError, TimeoutError, anyio.BrokenResourceError) as error:
                return NotAttempted(f"{self.url} could not be reached: {error or type(error).__name__}")

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[TLSStream]:
        address = urlsplit(self.url)
        host = address.hostname or ""
        with anyio.fail_after(self.connect_s):
            stream = await anyio.connect_tcp(
                host, address.port or 443, tls=True, ssl_context=self.context, tls_standard_compatible=False
            )
        try:
            yield stream
        finally:
            await anyio.aclose_forcefully(stream)

    async def _exchanged(self, stream: TLSStream, request: Secret) -> Reply | Unknown:
        try:
            with anyio.fail_after(self.answer_s), request.view() as written:
                await stream.send(cast("bytes", written))  # a view will do, and makes no copy
                return _read(await _all_of(stream))
        except (OSError, TimeoutError, anyio.BrokenResourceError, HTTPException, ValueError) as error:
            return Unknown(f"no answer about the card from {self.url} ({type(error).__name__})")


def _write(request: Secret, card: CardEntry, form: CardForm, headers: dict[str, str]) -> None:
    with (
        card.number.view() as number,
        card.expiry.view() as expiry,
        card.code.view() as code,
        card.routing.view() as routing,
        card.account.view() as account,
    ):
        parts = {Part.NUMBER: number, Part.MONTH: expiry[:2], Part.YEAR: expiry[2:], Part.CODE: code}
        parts |= {Part.ROUTING: routing, Part.ACCOUNT: account}
        pieces = [*form.before, *(form.code if len(code) else ()), form.end]
        body = [parts[piece] if isinstance(piece, Part) else piece for piece in pieces]
        lines = {
            **headers,
            "Content-Type": form.content_type,
            "Content-Length": str(sum(len(part) for part in body)),
            "Connection": "close",
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        request.extend(f"POST {form.path} HTTP/1.1\r\n{head}\r\n".encode("ascii"))
        for part in body:
            request.extend(part)
        del parts, body, part  # the slices must go before their secrets are closed


async def _all_of(stream: TLSStream) -> bytes:
    received = bytearray()
    while len(received) < _REPLY_BYTES:
        try:
            received += await stream.receive()
        except anyio.EndOfStream:
            return bytes(received)
    raise ValueError("the answer is longer than any answer about a card")


def _read(received: bytes) -> Reply:
    response = HTTPResponse(cast("socket.socket", _Received(received)))
    response.begin()
    return Reply(response.status, json.loads(response.read()))


class _Received:
    """Bytes that came, as http.client wants to read them."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._received)
