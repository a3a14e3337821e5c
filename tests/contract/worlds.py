"""Worlds in which a switch can be tried: callers and agents behave the same in all of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

import anyio
from anyio.abc import TaskGroup

from core.audio import Audio
from core.errors import CallGone
from pbx.ari.link import Awaited, Dialed, Link
from pbx.ari.listener import Listener
from pbx.ari.site import Site
from pbx.ari.switch import AriSwitch
from pbx.call import Recording
from pbx.cause import Cause
from pbx.fake.phone import Phone as FakePhone
from pbx.fake.recording import FakeRecording
from pbx.fake.switch import Answers, FakeSwitch, Refuses
from pbx.switch import Switch
from rehearsal.sound import read_recording
from tests.integration.caller import Phone as SipPhone
from tests.integration.caller import Town
from tests.integration.lab import HTTP_PORT, LISTENER_PORT, PASSWORD, SIP_PORT, Lab


class Caller(Protocol):
    """Somebody with a telephone."""

    async def press(self, keys: str) -> None: ...

    async def speak(self) -> None:
        """Say something that lasts for some seconds; returns at once."""

    async def hang_up(self) -> None: ...

    async def gone(self) -> int: ...


@dataclass(frozen=True)
class World:
    """`short` lasts 0.2 s at least, `long` some seconds; agent 201 answers, 202 is busy, 203 declines,
    204 lets it ring, and nobody else exists. `log_keys` has the switch write down every key, or no longer.
    """

    switch: Switch
    short: Path
    long: Path
    town: "Town | _FakeTown"
    log_keys: Callable[[bool], Awaitable[None]]

    async def dial(self, number: str = "1000") -> Caller:
        """Somebody calls the line."""
        if isinstance(self.town, Town):
            return _Sip(await self.town.dial(number))
        return self.town.dial(number)

    async def agent(self) -> Caller:
        """The next agent who picked up."""
        if isinstance(self.town, Town):
            return _Sip(await self.town.agent())
        return await self.town.agent()


@asynccontextmanager
async def fake_world() -> AsyncIterator[World]:
    """No telephones at all."""
    switch = FakeSwitch(seconds=lambda sound: 5 if sound.name == "long" else 0.2)

    async def log_keys(on: bool) -> None:
        switch.writes_keys = ["every key is written down: stop that"] if on else []

    async with anyio.create_task_group() as tasks:
        await tasks.start(switch.run)
        town = _FakeTown(switch, tasks)
        yield World(switch, Path("/sounds/short"), Path("/sounds/long"), town, log_keys)
        tasks.cancel_scope.cancel()
        town.close()


@asynccontextmanager
async def asterisk_world(*, outbound: bool) -> AsyncIterator[World]:
    """The real Asterisk with SIP and RTP; `outbound` when it connects to us."""
    async with Lab(outbound=outbound) as lab, anyio.create_task_group() as tasks:
        switch = ari_switch(lab, outbound=outbound)
        await tasks.start(switch.run)
        async with Town(tasks) as town:
            yield World(switch, lab.sound("beep"), lab.sound("tt-monkeys"), town, lab.log_keys)
        tasks.cancel_scope.cancel()


async def written_s(recording: Recording) -> float:
    """Stop it; how much sound it holds."""
    file = await recording.stop()
    if isinstance(recording, FakeRecording):
        return sum(until - since for since, until in recording.spans)
    return read_recording(file).seconds


def _agent(to: str) -> str:
    return f"PJSIP/agent/sip:{to}@127.0.0.1:{SIP_PORT}"


def ari_switch(
    lab: Lab, *, outbound: bool, link: Link | None = None, endpoint: Callable[[str], str] = _agent
) -> AriSwitch:
    """Our switch for that Asterisk; `endpoint` says where the line finds whom it calls."""
    listener = Listener("127.0.0.1", LISTENER_PORT, user="tellerline", password=PASSWORD)
    made = link or (Awaited(listener) if outbound else dialed())
    site = Site(
        app="tellerline",
        endpoint=endpoint,
        recordings=lab.recordings,
        loss_grace_s=3.0,
    )
    return AriSwitch(made, listener, site)


def dialed() -> Dialed:
    """The way in which we connect to Asterisk."""
    return Dialed(
        f"http://127.0.0.1:{HTTP_PORT}",
        app="tellerline",
        user="tellerline",
        password=PASSWORD,
        chance=Random(1),
    )


@dataclass(frozen=True)
class _Sip:
    phone: SipPhone

    async def press(self, keys: str) -> None:
        await self.phone.picked_up()
        await self.phone.press(keys)

    async def speak(self) -> None:
        await self.phone.picked_up()
        await self.phone.speak("demo-instruct")

    async def hang_up(self) -> None:
        await self.phone.hang_up()

    async def gone(self) -> int:
        return await self.phone.gone()


@dataclass(frozen=True)
class _Fake:
    phone: FakePhone
    tasks: TaskGroup

    async def press(self, keys: str) -> None:
        await self.phone.press(keys, gap_s=0.01)

    async def speak(self) -> None:
        self.tasks.start_soon(self._speak)

    async def _speak(self) -> None:
        with suppress(CallGone):
            await self.phone.speak(Audio(b"\x00\x20" * 16_000 * 20, 16_000))

    async def hang_up(self) -> None:
        self.phone.hang_up()

    async def gone(self) -> int:
        return (await self.phone.ended()).cause


class _FakeTown:
    def __init__(self, switch: FakeSwitch, tasks: TaskGroup) -> None:
        self._switch, self._tasks = switch, tasks
        self._agents_in, self._agents_out = anyio.create_memory_object_stream[FakePhone](10)
        switch.answers = {
            "201": Answers(self._agents_in.send, after_s=0.05),
            "202": Refuses(Cause.BUSY),
            "203": Refuses(Cause.REJECTED),
            "204": Answers(after_s=60),
        }

    def dial(self, number: str) -> Caller:
        return _Fake(self._switch.place(number=number, flow="pay_bill"), self._tasks)

    async def agent(self) -> Caller:
        return _Fake(await self._agents_out.receive(), self._tasks)

    def close(self) -> None:
        self._agents_in.close()
        self._agents_out.close()
