"""Telephones for a Stage: a baresip for each call, all calling one line."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from core.errors import OutOfReach
from rehearsal.account import Call, Caller, Installed, Line
from rehearsal.baresip import baresip
from rehearsal.phone import Phone
from rehearsal.ports import PortRange


class Phones:
    """Makes telephones; each call's files, its received sound among them, stay in a folder below `folder`."""

    def __init__(self, installed: Installed, line: Line, folder: Path, ports: PortRange) -> None:
        self._installed, self._line, self._folder, self._ports = installed, line, folder, ports
        self._numbers = count(1)

    @asynccontextmanager
    async def new_phone(self, caller: Caller, longest_s: float) -> AsyncIterator[Phone]:
        """A telephone for one call of at most `longest_s`."""
        folder = self._folder / f"call-{next(self._numbers)}"
        with self._ports.block() as ports:
            call = Call(self._line, caller, ports, _address_towards(self._line))
            async with baresip(self._installed, call, folder, longest_s) as phone:
                yield phone


def _address_towards(line: Line) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((line.host, line.port))  # sends nothing: it only asks the kernel for the way
        except OSError as problem:
            raise OutOfReach(f"there is no way to {line.host}:{line.port}: {problem}") from problem
        return str(probe.getsockname()[0])
