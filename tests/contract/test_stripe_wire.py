"""The one request that carries a card: how its answer is read, and what a wrong certificate gets."""

import asyncio
import re
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.certificate import Certificate, certificate_in
from payments.gateways.stripe.gateway import FORM
from payments.outcome import NotAttempted, Unknown
from payments.wire import Reply, Wire
from tests.keyed import canary, keyed_in

pytestmark = pytest.mark.anyio

PLAIN = b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"id": "pm_1"}'
CHUNKED = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{"id": \r\n7\r\n"pm_1"}\r\n0\r\n\r\n'


@dataclass
class Listener:
    """A TLS server that counts what reaches it, and answers with `reply`; it keeps the first bytes only."""

    reply: bytes | None = PLAIN
    received: int = 0
    head: bytes = b""
    port: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        buffer = await reader.read(65536)
        self.received += len(buffer)
        self.head = buffer.partition(b"\r\n\r\n")[0]
        if self.reply is None:
            await self.over.wait()
        elif buffer:
            writer.write(self.reply)
        writer.close()


@asynccontextmanager
async def listening(listener: Listener, context: ssl.SSLContext) -> AsyncIterator[Listener]:
    # a refused handshake is not a mistake of this server
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0, ssl=context)
    listener.port = server.sockets[0].getsockname()[1]
    yield listener
    listener.over.set()
    server.close()
    await asyncio.sleep(0)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


def wire(listener: Listener, trusted: Certificate, answer_s: float = 5.0) -> Wire:
    context = ssl.create_default_context(cafile=trusted.authority)
    return Wire(f"https://127.0.0.1:{listener.port}", context, answer_s=answer_s)


@pytest.mark.parametrize("reply", [PLAIN, CHUNKED], ids=["plain", "chunked"])
async def test_the_answer_is_read(certificate: Certificate, reply: bytes) -> None:
    async with listening(Listener(reply), certificate.context()) as listener:
        with keyed_in(canary()) as card:
            answer = await wire(listener, certificate).post_card(
                card, FORM, {"Authorization": "Bearer sk_test_1"}
            )
    assert answer == Reply(200, {"id": "pm_1"})
    assert listener.head.startswith(b"POST /v1/payment_methods HTTP/1.1\r\nHost: 127.0.0.1:")
    assert re.search(rb"Content-Length: 90\r\n", listener.head)


async def test_a_wrong_certificate_gets_no_byte(certificate: Certificate, tmp_path: Path) -> None:
    other = certificate_in(tmp_path)
    async with listening(Listener(), certificate.context()) as listener:
        with keyed_in(canary()) as card:
            refused = await wire(listener, other).post_card(card, FORM, {})
            assert isinstance(refused, NotAttempted)
            assert "certificate" in refused.why.lower()
            assert listener.received == 0
            await wire(listener, certificate).post_card(card, FORM, {})  # the right one: the counter counts
            assert listener.received > 100


@pytest.mark.parametrize("reply", [b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nnot json", b""])
async def test_an_answer_that_makes_no_sense_is_unknown(certificate: Certificate, reply: bytes) -> None:
    async with listening(Listener(reply), certificate.context()) as listener:
        with keyed_in(canary()) as card:
            assert isinstance(await wire(listener, certificate).post_card(card, FORM, {}), Unknown)


async def test_no_answer_at_all_is_unknown(certificate: Certificate) -> None:
    async with listening(Listener(None), certificate.context()) as listener:
        with keyed_in(canary()) as card:
            assert isinstance(await wire(listener, certificate, 0.1).post_card(card, FORM, {}), Unknown)


async def test_nobody_there_is_surely_nothing_sent(certificate: Certificate) -> None:
    async with listening(Listener(), certificate.context()) as listener:
        pass
    with keyed_in(canary()) as card:
        assert isinstance(await wire(listener, certificate).post_card(card, FORM, {}), NotAttempted)
