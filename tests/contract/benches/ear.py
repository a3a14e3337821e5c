"""A place where webhooks arrive, over HTTP as the vendor sends them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from aiohttp import web
from anyio.streams.memory import MemoryObjectReceiveStream


@dataclass(frozen=True)
class Heard:
    """A webhook as it came in; headers are named in lower case."""

    body: bytes
    headers: Mapping[str, str]


class Ear:
    """Hands out what came in, in order."""

    def __init__(self, heard: MemoryObjectReceiveStream[Heard], url: str) -> None:
        self._heard, self.url = heard, url

    async def next(self) -> Heard:
        with anyio.fail_after(30):
            return await self._heard.receive()


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    send, receive = anyio.create_memory_object_stream[Heard](100)

    async def take(request: web.Request) -> web.Response:
        headers = {name.lower(): text for name, text in request.headers.items()}
        send.send_nowait(Heard(await request.read(), headers))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hooks", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with send, receive:
        yield Ear(receive, f"http://127.0.0.1:{runner.addresses[0][1]}/hooks")
    await runner.cleanup()
