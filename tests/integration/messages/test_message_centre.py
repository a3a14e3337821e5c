"""Text messages by SMPP: what goes over the wire, as another library reads it; receipts that come back."""

from collections.abc import AsyncIterator

import anyio
import pytest
import smpp34
from aiohttp.test_utils import unused_port
from aiosmpplib import PduHeader, SmppCommand, SmppCommandStatus, SubmitSm
from anyio.abc import SocketStream

from messages.message import MessageState, Text
from messages.sender import Accepted, Report
from messages.senders.smpp import MessageCentre, SmppSender
from tests.contract.peers import Centre, centre

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

SUBMIT = 0x00000004
LONG = "Su código de pago es 123456. " * 4


class Tap:
    """A wire between two ends, and all that went over it towards the centre."""

    def __init__(self, to: int) -> None:
        self.to, self.port, self.went = to, unused_port(), bytearray()

    async def run(self) -> None:
        async with await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=self.port) as listener:
            await listener.serve(self._join)

    async def _join(self, near: SocketStream) -> None:
        async with (
            near,
            await anyio.connect_tcp("127.0.0.1", self.to) as far,
            anyio.create_task_group() as both,
        ):
            both.start_soon(self._carry, near, far, self.went)
            await self._carry(far, near, bytearray())
            both.cancel_scope.cancel()

    async def _carry(self, near: SocketStream, far: SocketStream, note: bytearray) -> None:
        async for piece in near:
            note.extend(piece)
            await far.send(piece)

    def pdus(self, command: int) -> list[bytes]:
        """The PDUs of one command (SMPP 3.4, 3.2: length, command, status, sequence)."""
        found, rest = list[bytes](), bytes(self.went)
        while rest:
            size = int.from_bytes(rest[:4], "big")
            if int.from_bytes(rest[4:8], "big") == command:
                found.append(rest[:size])
            rest = rest[size:]
        return found


@pytest.fixture
async def there() -> AsyncIterator[Centre]:
    async with centre() as peer:
        yield peer


async def until(peer: Centre, reports: int) -> list[Report]:
    with anyio.fail_after(5):
        while len(peer.reports) < reports:  # noqa: ASYNC110
            await anyio.sleep(0.01)
    return peer.reports


async def test_another_library_reads_what_we_send(there: Centre) -> None:
    tap = Tap(there.port)
    sender = SmppSender(
        MessageCentre("127.0.0.1", tap.port, "line", "secret", "Example", within_s=3.0), there._report
    )
    async with anyio.create_task_group() as group:
        group.start_soon(tap.run)
        await anyio.sleep(0.05)
        group.start_soon(sender.run)
        assert await sender.send_text(Text("+15550100", "Code 12 €"), key="k") == Accepted(("m-1",))
        assert await sender.send_text(Text("+15550100", LONG), key="l") == Accepted(("m-2", "m-3"))
        group.cancel_scope.cancel()
    read = [_read(pdu) for pdu in tap.pdus(SUBMIT)]
    assert [one.destination.number for one in read] == ["15550100"] * 3
    assert read[0].source.number == "Example"
    assert read[0].short_message == "Code 12 €"
    assert [one.registered_delivery for one in read] == [1, 2, 1]
    raw = [part.short_message for part in there.parts[1:]]
    assert b"".join(part[6:] for part in raw).decode("utf-16-be") == LONG


def _read(pdu: bytes) -> SubmitSm:
    size, command, status, sequence = (int.from_bytes(pdu[at : at + 4], "big") for at in (0, 4, 8, 12))
    header = PduHeader(size, SmppCommand(command), SmppCommandStatus(status), sequence)
    return SubmitSm.from_pdu(pdu, header, "gsm0338", {})


@pytest.mark.parametrize(
    ("words", "state", "why"),
    [
        (
            b"sub:001 dlvrd:001 submit date:2603011200 done date:2603011201 stat:DELIVRD err:000 text:",
            "delivered",
            "",
        ),
        (b"stat:UNDELIV err:034 text:hello", "failed", "undeliverable (error 034)"),
        (b"stat:EXPIRED err:000", "failed", "expired"),
    ],
)
async def test_a_receipt_in_words_is_told(there: Centre, words: bytes, state: str, why: str) -> None:
    await there.sender.send_text(Text("+15550100", "hello"), key="k")
    await there.receipt("m-1", words)
    assert await until(there, 1) == [Report("smpp", "m-1", MessageState(state), why)]


async def test_a_receipt_by_parameters_goes_before_its_words(there: Centre) -> None:
    await there.sender.send_text(Text("+15550100", "hello"), key="k")
    tlvs = [smpp34.Tlv(0x001E, b"m-1\0"), smpp34.Tlv(0x0427, b"\x02")]
    await there.receipt("other", b"stat:UNDELIV err:001", tlvs)
    assert await until(there, 1) == [Report("smpp", "m-1", MessageState.DELIVERED)]


async def test_one_on_its_way_and_one_that_is_no_receipt_say_nothing(there: Centre) -> None:
    await there.sender.send_text(Text("+15550100", "hello"), key="k")
    await there.receipt("m-1", b"stat:ENROUTE err:000")
    [session] = there.sessions.values()
    await session.deliver_sm("15550199", b"id:m-1 stat:DELIVRD", source_addr="15550100")
    await there.receipt("m-1", b"stat:DELIVRD err:000")
    assert len(await until(there, 1)) == 1


async def test_a_session_that_ended_is_bound_again(there: Centre) -> None:
    await there.sender.send_text(Text("+15550100", "one"), key="1")
    [first] = there.sessions.values()
    await first.unbind()
    there.sessions.clear()
    with anyio.fail_after(5):
        while not there.sessions:  # noqa: ASYNC110
            await anyio.sleep(0.02)
    assert isinstance(await there.sender.send_text(Text("+15550100", "two"), key="2"), Accepted)
