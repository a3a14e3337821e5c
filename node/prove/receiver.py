"""A receiver of webhooks: whatever the line posts is written down, with the address that it was posted to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from aiohttp import web

from node.stack.ports import HOST

_QUIET_S, _LONGEST_S = 1.5, 20.0
_LOOK_S = 0.1


class Receiver:
    """Listens at `url` and any path below it."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._out = file.open("ab", buffering=0)
        self._heard_at = anyio.current_time()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        """A message came."""
        self._heard_at = anyio.current_time()
        headers = "".join(f"{name}: {value}\n" for name, value in request.headers.items())
        self._out.write(f"{request.method} {request.raw_path}\n{headers}\n".encode())
        self._out.write(await request.read() + b"\n")
        return web.Response()

    async def quiet(self) -> None:
        """Wait until nothing came for a while."""
        with anyio.move_on_after(_LONGEST_S):
            while anyio.current_time() < self._heard_at + _QUIET_S:  # noqa: ASYNC110 - silence is no event
                await anyio.sleep(_LOOK_S)

    def close(self) -> None:
        """Nothing is written any more."""
        self._out.close()


@asynccontextmanager
async def receiver(file: Path) -> AsyncIterator[Receiver]:
    """One that listens for as long as the `async with` lasts."""
    one = Receiver(file)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        one.url = f"http://{HOST}:{runner.addresses[0][1]}"
        yield one
    finally:
        await runner.cleanup()
        one.close()
