"""The live part of the API as a process of its own: `python -m tests.load.live_line DATABASE_URL`.

It prints its port once it listens, and serves until it is ended.
"""

import sys
from typing import Any, cast

import anyio
from aiohttp import web

from api import live
from api.app import serving
from api.broadcast import Broadcast
from db.engine import Limits, Work
from db.timeline import Timeline


class _Services:
    """What the live route asks of the API's services."""

    def __init__(self, facts: Broadcast) -> None:
        self.facts = facts


async def main(url: str) -> None:
    """Serve until ended."""
    broadcast = Broadcast(Timeline(Work(url, Limits(connections=8)), url))
    services: Any = cast("Any", _Services(broadcast))  # the route asks for the facts alone
    runner = web.AppRunner(serving(live.routes(services)), access_log=None)
    async with anyio.create_task_group() as tasks:
        await tasks.start(broadcast.run)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
        sys.stdout.write(f"{runner.addresses[0][1]}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    anyio.run(main, sys.argv[1], backend_options={"use_uvloop": True})
