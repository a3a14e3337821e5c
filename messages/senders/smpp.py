"""Text messages by SMPP 3.4: one session to the operator's message centre, bound again when it breaks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import anyio
import smpp34
import structlog

from core.errors import OutOfReach
from messages.message import MessageState, Text
from messages.reporting import patiently
from messages.sender import Accepted, Report, Reports, TurnedDown
from messages.senders.gsm import parts_of

log = structlog.stdlib.get_logger(__name__)

_AGAIN_S: Final = 1.0
_AGAIN_AT_MOST_S: Final = 60.0
_UDH: Final = 0x40
_RECEIPT: Final = 0x04  # SMPP 3.4, 5.2.12 esm_class: a delivery receipt
_ALL_RECEIPTS: Final = 0x01  # 5.2.17 registered_delivery
_FAILURES_ALONE: Final = 0x02
_INTERNATIONAL: Final = 1  # 5.2.5, type of number
_ALPHANUMERIC: Final = 5
_ISDN: Final = 1  # 5.2.6, numbering plan
_NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")
_FIELD: Final = re.compile(rb"\b(id|stat|err):(\S*)")
_FOR_GOOD: Final = frozenset({0x0A, 0x0B, 0x01, 0x61, 0x0D, 0x0E, 0x0F})  # bad addresses, lengths, account
_RECEIPTED_ID: Final = 0x001E  # 5.3.2.12 receipted_message_id
_MESSAGE_STATE: Final = 0x0427  # 5.3.2.35
_DELIVERED: Final = 2
_FAILED: Final[Mapping[int, str]] = MappingProxyType(
    {3: "expired", 4: "deleted", 5: "undeliverable", 8: "rejected"}  # 5.2.28 message_state
)
_WORDS: Final[Mapping[str, int]] = MappingProxyType(
    {"DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "REJECTD": 8}  # appendix B
)


@dataclass(frozen=True, slots=True)
class MessageCentre:
    """Where the session goes, and whose messages they are: a number, or a name of 11 characters at most."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    system_type: str = ""
    tls: bool = False
    within_s: float = 15.0


class SmppSender:
    """A transceiver session: messages go out by it, and receipts come back. `run` must be running."""

    name = "smpp"
    keeps = False

    def __init__(self, centre: MessageCentre, reports: Reports) -> None:
        self._centre, self._reports = centre, reports
        self._session: smpp34.Smsc | None = None
        self._bound = anyio.Event()

    async def run(self) -> None:
        """Bind, and hear receipts, until cancelled."""
        wait_s = _AGAIN_S
        while True:
            client = self._client()
            try:
                with anyio.fail_after(self._centre.within_s):
                    session = await client.connect()
                log.info("bound to the message centre", host=self._centre.host)
                wait_s = _AGAIN_S
                self._session = session
                self._bound.set()
                await self._hear(session)
            except (smpp34.SmppError, OSError, TimeoutError) as error:
                log.warning("the message centre does not answer", why=str(error), again_s=wait_s)
            finally:
                self._unbound()
                with anyio.CancelScope(shield=True), anyio.move_on_after(1):
                    await client.stop()
            await anyio.sleep(wait_s)
            wait_s = min(2 * wait_s, _AGAIN_AT_MOST_S)

    async def send_text(self, text: Text, *, key: str) -> Accepted | TurnedDown:
        """As TextSender says. A long text goes in parts; when one is turned down, others are out already."""
        message = parts_of(text.text)
        if message is None:
            return TurnedDown("it is too long for a text message", again=False)
        refs = []
        for place, part in enumerate(message.parts, 1):
            last, alone = place == len(message.parts), len(message.parts) == 1
            answer = await self._submit(text.to, part, message.coding, alone=alone, last=last)
            if answer.command_status:
                status = answer.command_status
                return TurnedDown(f"the message centre answered {status:#06x}", again=status not in _FOR_GOOD)
            refs.append(answer.message_id or "")
        return Accepted(tuple(refs))

    async def _submit(
        self, to: str, part: bytes, coding: int, *, alone: bool, last: bool
    ) -> smpp34.SubmitSmResp:
        sender = self._centre.sender
        is_number = _NUMBER.fullmatch(sender) is not None
        try:
            with anyio.fail_after(self._centre.within_s):
                await self._bound.wait()
                if self._session is None:
                    raise OutOfReach("the session with the message centre has just ended")
                return await self._session.submit_sm(
                    to.removeprefix("+"),
                    part,
                    source_addr=sender.removeprefix("+"),
                    source_addr_ton=_INTERNATIONAL if is_number else _ALPHANUMERIC,
                    source_addr_npi=_ISDN if is_number else 0,
                    dest_addr_ton=_INTERNATIONAL,
                    dest_addr_npi=_ISDN,
                    esm_class=0 if alone else _UDH,
                    data_coding=coding,
                    registered_delivery=_ALL_RECEIPTS if last else _FAILURES_ALONE,
                )
        except TimeoutError:
            raise OutOfReach(f"the message centre {self._centre.host} does not answer in time") from None
        except (smpp34.SmppError, OSError) as error:
            raise OutOfReach(f"the message centre {self._centre.host} does not answer: {error}") from error

    async def _hear(self, session: smpp34.Smsc) -> None:
        async with anyio.create_task_group() as telling:
            while not isinstance(event := await session.next(), smpp34.Disconnected):
                if event.esm_class & _RECEIPT and (report := report_of(event)) is not None:
                    telling.start_soon(patiently, self._reports, report)
        log.warning("the message centre ended the session", host=self._centre.host)

    def _unbound(self) -> None:
        self._session = None
        if self._bound.is_set():  # those who wait for an unset one still wait for it
            self._bound = anyio.Event()

    def _client(self) -> smpp34.Client:
        centre = self._centre
        return smpp34.Client(
            centre.host,
            centre.port,
            centre.user,
            centre.password,
            bind_type="TRX",
            system_type=centre.system_type,
            tls=centre.tls,
            connect_timeout_ms=round(centre.within_s * 1000),
        )


def report_of(event: smpp34.DeliverSmEvent) -> Report | None:
    """What a receipt says; None for one of a message that is still on its way."""
    tlvs = {one.tag: one for one in event.tlvs}
    found = _FIELD.findall(event.short_message)
    words = {name.decode(): value.decode("ascii", "replace") for name, value in found}
    named = tlvs.get(_RECEIPTED_ID)
    stated = tlvs.get(_MESSAGE_STATE)
    ref = (named.as_string() if named is not None else None) or words.get("id", "")
    state = (stated.as_int() if stated is not None else None) or _WORDS.get(words.get("stat", "")[:7], 0)
    if state == _DELIVERED:
        return Report(SmppSender.name, ref, MessageState.DELIVERED)
    if state in _FAILED:
        code = f" (error {words['err']})" if words.get("err", "").strip("0") else ""
        return Report(SmppSender.name, ref, MessageState.FAILED, f"{_FAILED[state]}{code}")
    return None
