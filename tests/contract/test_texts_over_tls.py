"""Text messages by SMPP over TLS: to a centre whose certificate the system trusts, and to no other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import pytest
from aiohttp.test_utils import unused_port
from anyio.abc import ByteStream
from anyio.streams.tls import TLSListener

from core.certificate import Certificate, certificate_in
from core.errors import OutOfReach
from messages.message import Text
from messages.sender import Accepted, Report
from messages.senders.smpp import MessageCentre, SmppSender
from tests.contract.peers import Centre, centre

pytestmark = pytest.mark.anyio

TEXT = Text("+15550100", "Your payment code is 123456.")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@asynccontextmanager
async def behind_tls(there: Centre, certificate: Certificate) -> AsyncIterator[int]:
    """The port at which the centre is reached by TLS."""
    port = unused_port()

    async def carry(one: ByteStream, other: ByteStream) -> None:
        try:
            async for piece in one:
                await other.send(piece)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            pass

    async def join(near: ByteStream) -> None:
        async with (
            near,
            await anyio.connect_tcp("127.0.0.1", there.port) as far,
            anyio.create_task_group() as both,
        ):
            both.start_soon(carry, near, far)
            await carry(far, near)
            both.cancel_scope.cancel()

    plain = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=port)
    async with (
        TLSListener(plain, certificate.context(), standard_compatible=False) as listener,
        anyio.create_task_group() as group,
    ):
        group.start_soon(listener.serve, join)
        yield port
        group.cancel_scope.cancel()


@asynccontextmanager
async def sending(port: int) -> AsyncIterator[SmppSender]:
    async def nobody(_report: Report) -> bool:
        return True

    account = MessageCentre("localhost", port, "line", "secret", "+15550199", within_s=3.0)
    sender = SmppSender(replace(account, tls=True), nobody)
    async with anyio.create_task_group() as group:
        group.start_soon(sender.run)
        yield sender
        group.cancel_scope.cancel()


@pytest.fixture
async def there() -> AsyncIterator[Centre]:
    async with centre() as peer:
        yield peer


async def test_a_text_goes_over_tls_to_a_centre_that_the_system_trusts(
    there: Centre, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
    async with behind_tls(there, certificate) as port, sending(port) as sender:
        assert isinstance(await sender.send_text(TEXT, key="k1"), Accepted)
    assert await there.arrived() == [TEXT]


async def test_a_centre_with_another_certificate_gets_nothing(
    there: Centre, certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_in(tmp_path).authority))
    async with behind_tls(there, certificate) as port, sending(port) as sender:
        with pytest.raises(OutOfReach):
            await sender.send_text(TEXT, key="k1")
    assert await there.arrived() == []


async def test_a_centre_without_tls_gets_nothing(there: Centre) -> None:
    async with sending(there.port) as sender:
        with pytest.raises(OutOfReach):
            await sender.send_text(TEXT, key="k1")
    assert await there.arrived() == []
