"""The one request that carries a card: what is left behind, and what a wrong certificate gets."""

import asyncio
import gc
import re
import secrets
import ssl
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from core.certificate import Certificate, certificate_in
from core.check_digits import luhn
from core.clock import SystemClock
from node.gateways import PROCESSORS
from payments.bank import Holder
from payments.capabilities import Can
from payments.card import CardEntry, CardField
from payments.gateways.braintree.account import Account as BraintreeAccount
from payments.gateways.braintree.gateway import BraintreeGateway
from payments.gateways.paypal.account import Account as PayPalAccount
from payments.gateways.paypal.gateway import PayPalGateway
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.gateway import FORM, StripeGateway
from payments.orders import Token
from payments.outcome import NotAttempted, Unknown
from payments.sandbox.dialects import DIALECTS
from payments.wire import Reply, Wire

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 20)
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


def canary() -> list[int]:
    """The ASCII codes of a random Visa number, never put together as a string."""
    body = [ord("4"), *(48 + secrets.randbelow(10) for _ in range(14))]
    return next([*body, last] for last in range(48, 58) if luhn(memoryview(bytearray([*body, last]))))


def keyed_in(codes: list[int]) -> CardEntry:
    entry = CardEntry()
    for name, digits in (
        (CardField.NUMBER, codes),
        (CardField.EXPIRY, list(b"1234")),
        (CardField.CODE, list(b"123")),
    ):
        for digit in digits:
            entry.append(name, digit)
        assert entry.finish(name, TODAY) is None
    return entry


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


PROGRAM = """
import sys
from node.commands.sandbox import sandbox
sandbox(["--port", "0", "--folder", sys.argv[1]])
"""


@asynccontextmanager
async def emulator_process(folder: Path) -> AsyncIterator[tuple[dict[str, str], Path]]:
    """The shipped emulator, in a process of its own: the dialects' addresses and its authority."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        str(folder),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        urls: dict[str, str] = {}
        for _ in DIALECTS:
            line = (await process.stdout.readline()).decode()
            told = re.match(r"([\w ]+)'s dialect at (https://\S+\d)", line)
            assert told is not None, line
            urls[told[1]] = told[2]
        yield urls, folder / "ca.pem"
    finally:
        process.kill()
        await process.wait()


def stripe(urls: dict[str, str], authority: Path) -> StripeGateway:
    return StripeGateway(Account("sk_test_1", url=urls["Stripe"], authority=authority))


def braintree(urls: dict[str, str], authority: Path) -> BraintreeGateway:
    url = urls["Braintree"]
    return BraintreeGateway(
        BraintreeAccount("shop", "public", "private", url=url, graphql_url=url, authority=authority)
    )


def paypal(urls: dict[str, str], authority: Path) -> PayPalGateway:
    account = PayPalAccount("client", "secret", url=urls["PayPal"], authority=authority)
    return PayPalGateway(account, SystemClock())


Opens = Callable[[dict[str, str], Path], StripeGateway | BraintreeGateway | PayPalGateway]


def test_every_processor_that_takes_a_number_is_watched() -> None:
    raw = {name for name, one in PROCESSORS.items() if Can.RAW_CARD in one.capabilities.can}
    assert raw == {opens.__name__ for opens in WATCHED}


WATCHED: tuple[Opens, ...] = (stripe, braintree, paypal)


@pytest.mark.parametrize("opens", WATCHED)
async def test_tokenizing_leaves_no_copy_of_the_number_among_pythons_objects(
    tmp_path: Path, opens: Opens
) -> None:
    codes = canary()
    async with emulator_process(tmp_path) as (urls, authority):
        gateway = opens(urls, authority)
        with keyed_in(codes) as card:
            token = await gateway.tokenize(card, "key_1")
            assert copies_of(codes) == 0
        await gateway.close()
    assert isinstance(token, Token)
    assert copies_of(codes) == 0
    written = b"".join(file.read_bytes() for file in tmp_path.glob("*.jsonl"))
    assert bytes(codes[-4:]) in written
    assert bytes(codes) not in written


async def test_tokenizing_leaves_no_copy_of_a_bank_accounts_number(tmp_path: Path) -> None:
    codes = [48 + secrets.randbelow(10) for _ in range(16)]
    async with emulator_process(tmp_path) as (urls, authority):
        gateway = stripe(urls, authority)
        with CardEntry() as entry:
            for name, digits in ((CardField.ROUTING, list(b"110000000")), (CardField.ACCOUNT, codes)):
                for digit in digits:
                    entry.append(name, digit)
                assert entry.finish(name, TODAY) is None
            token = await gateway.tokenize_account(entry, Holder("acct_1"), "key_1")
            assert copies_of(codes) == 0
        await gateway.close()
    assert isinstance(token, Token)
    assert copies_of(codes) == 0
    written = b"".join(file.read_bytes() for file in tmp_path.glob("*.jsonl"))
    assert bytes(codes[-4:]) in written
    assert bytes(codes) not in written


def test_the_search_for_copies_finds_a_planted_one() -> None:
    codes = canary()
    planted: dict[str, list[bytes | bytearray]] = {"log": [b"number=" + bytes(codes)]}
    assert copies_of(codes) == 1
    planted["log"].append(bytearray(codes))
    assert copies_of(codes) == 2
    text = ["number " + bytes(codes).decode()]
    assert copies_of(codes) == 3
    del planted, text
    assert copies_of(codes) == 0


def copies_of(codes: list[int]) -> int:
    """How many strings and byte strings that Python can reach hold the number."""
    needle = bytes(codes)
    word = needle.decode()
    gc.collect()
    found = {
        id(thing)
        for thing in reachable()
        if (isinstance(thing, bytes | bytearray) and needle in thing and thing is not needle)
        or (isinstance(thing, str) and word in thing and thing is not word)
    }
    return len(found)


def reachable() -> Iterator[object]:
    """Everything that the collector tracks, and what those refer to: strings are not tracked themselves."""
    tracked = gc.get_objects()
    return chain(tracked, *(gc.get_referents(thing) for thing in tracked if thing is not tracked))
