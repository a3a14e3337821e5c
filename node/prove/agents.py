"""An agent's telephone behind a tap: registered for one call, its sound and its packets kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from node.prove.leak import PACKETS
from node.prove.pcap import PacketFile
from node.prove.tap import tap
from node.stack.ports import HOST
from rehearsal.account import Caller, Installed, Line
from rehearsal.phone import Phone
from rehearsal.phones import Phones
from rehearsal.ports import PortRange

EXTENSION = "201"

_PASSWORD = "phone-201-loopback"  # noqa: S105 - of the exchange file beside this one
_LONGEST_S = 120.0


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who picks up whatever rings; `folder` gets what they hear and what is sent to them."""

    phone: Phone
    folder: Path


class Agents:
    """The house's agents, one at a time, each with a folder below `folder`."""

    def __init__(self, installed: Installed, sip_port: int, folder: Path, ports: PortRange) -> None:
        self._installed, self._sip_port = installed, sip_port
        self.folder, self._ports = folder, ports
        self._numbers = count(1)

    @asynccontextmanager
    async def on_duty(self) -> AsyncIterator[OnDuty]:
        """An agent for one call."""
        folder = self.folder / f"agent-{next(self._numbers)}"
        packets = PacketFile(folder / PACKETS)
        try:
            async with tap((HOST, self._sip_port), packets) as listening:
                line = Line(
                    HOST,
                    listening.port,
                    user=EXTENSION,
                    password=_PASSWORD,
                    register=True,
                    answers=True,
                )
                phones = Phones(self._installed, line, folder, self._ports)
                async with phones.new_phone(Caller(EXTENSION), _LONGEST_S) as phone:
                    yield OnDuty(phone, folder)
        finally:
            packets.close()
