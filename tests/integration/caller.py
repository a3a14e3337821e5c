"""Callers and agents with real SIP and RTP: the private Asterisk calls itself, steered by a second app."""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self
from uuid import uuid4

import anyio
from anyio.abc import TaskGroup

from core.errors import CallGone, Refused
from pbx.ari import model
from pbx.ari.connection import Connection
from pbx.ari.link import Dialed
from pbx.ari.rest import Rest
from tests.integration.lab import HTTP_PORT, PASSWORD, SIP_PORT

_WAIT_S = 20


@dataclass
class Phone:
    """One SIP telephone, seen from its own side of the wire."""

    rest: Rest
    channel: str
    answered: anyio.Event = field(default_factory=anyio.Event)
    ended: anyio.Event = field(default_factory=anyio.Event)
    left: anyio.Event = field(default_factory=anyio.Event)
    cause: int = -1
    keys: str = field(default="", repr=False)
    words: str = ""  # the playback of what is being said

    async def picked_up(self) -> None:
        with anyio.fail_after(_WAIT_S):
            await self.answered.wait()

    async def press(self, keys: str, *, gap_ms: int = 100, held_ms: int = 100) -> None:
        await self.hush()  # keys wait for the end of what is said
        await self.rest.ask(
            "POST", "channels", self.channel, "dtmf", dtmf=keys, between=gap_ms, duration=held_ms
        )
        await self.rest.ask("POST", "channels", self.channel, "silence")  # tones end what was sent before

    async def speak(self, sound: str) -> None:
        self.words = f"words-{uuid4().hex}"
        await self.rest.ask(
            "POST", "channels", self.channel, "play", media=f"sound:{sound}", playbackId=self.words
        )

    async def hush(self) -> None:
        with suppress(Refused):  # it has ended by itself
            if self.words:
                await self.rest.ask("DELETE", "playbacks", self.words)
        self.words = ""

    async def listen(self, name: str) -> None:
        """Write what this telephone hears to a recording."""
        await self.rest.ask("POST", "channels", self.channel, "record", name=name, format="wav")

    async def hang_up(self, cause: int = 16) -> None:
        try:
            await self.rest.ask("DELETE", "channels", self.channel, reason_code=cause)
        except CallGone:
            return

    async def over(self) -> None:
        """Wait until the telephone is down; what it listened to is written by then."""
        with anyio.fail_after(_WAIT_S):
            await self.left.wait()

    async def gone(self) -> int:
        """Wait until the call is over on this side; the cause that arrived here."""
        with anyio.fail_after(_WAIT_S):
            await self.ended.wait()
        return self.cause


class Town:
    """Everybody with a telephone."""

    def __init__(self, tasks: TaskGroup) -> None:
        self._tasks = tasks
        self._phones: dict[str, Phone] = {}
        self._agents_in, self._agents_out = anyio.create_memory_object_stream[Phone](100)
        self.rest = Rest()

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._agents_in.close()
        self._agents_out.close()

    async def connect(self) -> None:
        """Take hold of the Asterisk that runs now."""
        link = Dialed(
            f"http://127.0.0.1:{HTTP_PORT}", app="tester", user="tester", password=PASSWORD, chance=Random(7)
        )
        connection = Connection(await link.connect(), self._hear)
        self._tasks.start_soon(connection.run)
        self.rest.use(connection)

    async def dial(self, number: str = "1000", *, mode: str = "rfc4733") -> Phone:
        """Call the line, sending keys in that mode."""
        phone = Phone(self.rest, f"tester-{uuid4().hex}")
        self._phones[phone.channel] = phone
        await self.rest.ask(
            "POST",
            "channels",
            endpoint=f"PJSIP/{mode}/sip:{number}@127.0.0.1:{SIP_PORT}",
            app="tester",
            appArgs="caller",
            channelId=phone.channel,
        )
        return phone

    async def agent(self) -> Phone:
        """The next agent whose telephone was called and who picked up."""
        with anyio.fail_after(_WAIT_S):
            return await self._agents_out.receive()

    def _hear(self, event: model.Event) -> None:
        match event:
            case model.StasisStart(args=("agent",), channel=channel):
                phone = self._phones[channel.id] = Phone(self.rest, channel.id)
                self._tasks.start_soon(self._pick_up, phone)
            case model.StasisStart(channel=channel) if channel.id in self._phones:
                self._tasks.start_soon(self._come_up, self._phones[channel.id])
            case model.ChannelDtmfReceived(channel=channel) if channel.id in self._phones:
                self._phones[channel.id].keys += event.digit
            case model.ChannelDestroyed(channel=channel) if channel.id in self._phones:
                self._phones[channel.id].cause = event.cause
                self._phones[channel.id].ended.set()
            case model.StasisEnd(channel=channel) if channel.id in self._phones:
                self._phones[channel.id].left.set()
            case _:
                pass

    async def _come_up(self, phone: Phone) -> None:
        """Send sound all the time, as telephones do."""
        try:
            await self.rest.ask("POST", "channels", phone.channel, "silence")
        except (CallGone, Refused):
            return  # the line was quicker to hang up
        phone.answered.set()

    async def _pick_up(self, phone: Phone) -> None:
        await self.rest.ask("POST", "channels", phone.channel, "answer")
        await self._come_up(phone)
        await self._agents_in.send(phone)


def recorded(folder: Path, name: str) -> Path:
    """Where Asterisk writes a recording of that name."""
    return folder / f"{name}.wav"
