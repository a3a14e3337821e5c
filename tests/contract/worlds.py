"""Worlds in which a switch can be tried: callers and agents behave the same in all of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

import anyio

from pbx.ari.link import Awaited, Dialed, Link
from pbx.ari.listener import Listener
from pbx.ari.site import Site
from pbx.ari.switch import AriSwitch
from pbx.cause import Cause
from pbx.fake.phone import Phone as FakePhone
from pbx.fake.switch import Answers, FakeSwitch, Refuses
from pbx.switch import Switch
from tests.integration.caller import Phone as SipPhone
from tests.integration.caller import Town
from tests.integration.lab import HTTP_PORT, LISTENER_PORT, PASSWORD, SIP_PORT, Lab


class Caller(Protocol):
    """Somebody with a telephone."""

    async def press(self, keys: str) -> None: ...

    async def hang_up(self) -> None: ...

    async def gone(self) -> int: ...


@dataclass(frozen=True)
class World:
    """`short` lasts 0.2 s at least, `long` some seconds; agent 201 answers, 202 is busy, 203 declines,
    204 lets it ring, and nobody else exists.
    """

    switch: Switch
    short: Path
    long: Path
    town: "Town | _FakeTown"

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
    town = _FakeTown(switch)
    async with anyio.create_task_group() as tasks:
        await tasks.start(switch.run)
        yield World(switch, Path("/sounds/short"), Path("/sounds/long"), town)
        tasks.cancel_scope.cancel()
    town.close()


@asynccontextmanager
async def asterisk_world(*, outbound: bool) -> AsyncIterator[World]:
    """The real Asterisk with SIP and RTP; `outbound` when it connects to us."""
    async with Lab(outbound=outbound) as lab, anyio.create_task_group() as tasks:
        switch = ari_switch(lab, outbound=outbound)
        await tasks.start(switch.run)
        async with Town(tasks) as town:
            yield World(switch, lab.sound("beep"), lab.sound("tt-monkeys"), town)
        tasks.cancel_scope.cancel()


def ari_switch(lab: Lab, *, outbound: bool, link: Link | None = None) -> AriSwitch:
    """Our switch for that Asterisk."""
    listener = Listener("127.0.0.1", LISTENER_PORT, user="tellerline", password=PASSWORD)
    made = link or (Awaited(listener) if outbound else dialed())
    site = Site(
        app="tellerline",
        endpoint=lambda to: f"PJSIP/agent/sip:{to}@127.0.0.1:{SIP_PORT}",
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

    async def hang_up(self) -> None:
        await self.phone.hang_up()

    async def gone(self) -> int:
        return await self.phone.gone()


@dataclass(frozen=True)
class _Fake:
    phone: FakePhone

    async def press(self, keys: str) -> None:
        await self.phone.press(keys, gap_s=0.01)

    async def hang_up(self) -> None:
        self.phone.hang_up()

    async def gone(self) -> int:
        return (await self.phone.ended()).cause


class _FakeTown:
    def __init__(self, switch: FakeSwitch) -> None:
        self._switch = switch
        self._agents_in, self._agents_out = anyio.create_memory_object_stream[FakePhone](10)
        switch.answers = {
            "201": Answers(self._agents_in.send, after_s=0.05),
            "202": Refuses(Cause.BUSY),
            "203": Refuses(Cause.REJECTED),
            "204": Answers(after_s=60),
        }

    def dial(self, number: str) -> Caller:
        return _Fake(self._switch.place(number=number, flow="pay_bill"))

    async def agent(self) -> Caller:
        return _Fake(await self._agents_out.receive())

    def close(self) -> None:
        self._agents_in.close()
        self._agents_out.close()
