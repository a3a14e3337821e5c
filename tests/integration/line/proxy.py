"""A TCP proxy whose connections can be cut, as a bad cable would."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from anyio.abc import ByteStream, SocketAttribute

from node.stack.ports import HOST

_BROKEN = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream)


class Proxy:
    """Listens on `port`, and passes all on to `target`."""

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self._target = target
        self._open: set[ByteStream] = set()

    async def cut(self) -> int:
        """Cut every connection; how many there were."""
        cut = list(self._open)
        for stream in cut:
            await anyio.aclose_forcefully(stream)
        return len(cut)

    async def serve(self, client: ByteStream) -> None:
        """Carry one connection."""
        try:
            server = await anyio.connect_tcp(HOST, self._target)
        except OSError:
            await anyio.aclose_forcefully(client)
            return
        self._open.add(client)
        try:
            async with client, server, anyio.create_task_group() as tasks:
                tasks.start_soon(_pump, client, server, tasks.cancel_scope)
                await _pump(server, client, tasks.cancel_scope)
        finally:
            self._open.discard(client)


@asynccontextmanager
async def proxy(target: int) -> AsyncIterator[Proxy]:
    """A proxy in front of a port of this machine."""
    listener = await anyio.create_tcp_listener(local_host=HOST)
    one = Proxy(int(listener.extra(SocketAttribute.local_port)), target)
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, one.serve)
        yield one
        tasks.cancel_scope.cancel()


async def _pump(source: ByteStream, sink: ByteStream, over: anyio.CancelScope) -> None:
    try:
        async for data in source:
            await sink.send(data)
    except _BROKEN:
        pass
    over.cancel()
