"""A program of ours in a process of its own: messages with a JSON head and bytes go in and come out of it.

An engine that crashes, or whose licence asks for it, is kept apart this way. Both ends of the wire are here.
"""

import json
import struct
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO, Final

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from core.errors import OutOfReach

_SIZES: Final = struct.Struct(">II")
_LARGEST: Final = 64 * 2**20

Head = dict[str, Any]  # JSON


class Child:
    """The process, seen by us. What it writes on its standard error goes to ours."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        self._process = process
        self._out, self._in = process.stdin, BufferedByteReceiveStream(process.stdout)

    @classmethod
    async def start(cls, module: str, *arguments: str) -> "Child":
        """Run `python -m module arguments`; it lives until `end`, or until we are gone."""
        argv: Sequence[str] = [sys.executable, "-m", module, *arguments]
        return cls(await anyio.open_process(argv, stderr=None, start_new_session=True))

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    async def send(self, head: Head, body: bytes = b"") -> None:
        """Hand it a message; raises OutOfReach when it is gone."""
        try:
            await self._out.send(packed(head, body))
        except (anyio.BrokenResourceError, anyio.ClosedResourceError) as gone:
            raise OutOfReach(f"process {self.pid} takes nothing any more") from gone

    async def receive(self) -> tuple[Head, bytes]:
        """Its next message; raises OutOfReach when it is gone."""
        try:
            head, body = _SIZES.unpack(await self._in.receive_exactly(_SIZES.size))
            if head + body > _LARGEST:
                raise OutOfReach(f"process {self.pid} says something that is no message")
            read = await self._in.receive_exactly(head + body)
        except (anyio.IncompleteRead, anyio.BrokenResourceError, anyio.ClosedResourceError) as gone:
            raise OutOfReach(f"process {self.pid} is gone") from gone
        return json.loads(read[:head]), read[head:]

    async def end(self) -> None:
        """Kill it, and wait until it is gone."""
        with anyio.CancelScope(shield=True):
            if self._process.returncode is None:
                self._process.kill()
            await self._process.aclose()


def packed(head: Head, body: bytes = b"") -> bytes:
    """One message as it goes over the wire."""
    written = json.dumps(head, ensure_ascii=False).encode()
    return _SIZES.pack(len(written), len(body)) + written + body


def read(stream: BinaryIO) -> tuple[Head, bytes] | None:
    """In the child: the next message from us; None when we are gone."""
    sizes = stream.read(_SIZES.size)
    if len(sizes) < _SIZES.size:
        return None
    head, body = _SIZES.unpack(sizes)
    return json.loads(stream.read(head)), stream.read(body)
