"""The back door: a node's own routes of calls over a socket that only this process knows, for errands.

What comes in was let in at the node that was asked, which also wrote it down; who it was comes with it.
"""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from tempfile import TemporaryDirectory
from typing import Final

import anyio
from aiohttp import ClientResponse, ClientSession, ClientTimeout, UnixConnector, web
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus
from yarl import URL

from api.app import serving
from api.errands import Errand, Reply
from api.route import AnyRoute
from api.scopes import Scope
from api.who import Who
from core.errors import OutOfReach

_WHO: Final = "Tellerline-Who"
_TOLD: Final = ("Content-Type", "Cache-Control", "Allow", "Content-Range")
_PART: Final = 16 * 1024
_GATHER_S: Final = 0.1


class BackDoor:
    """`run` belongs to the node's task group; `carry_out` is the errands' clerk."""

    def __init__(self, table: Iterable[AnyRoute]) -> None:
        self._app = serving([route for route in table if route.at_call], gate=_as_told)
        self._session: ClientSession | None = None

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled; the folder of the socket is ours alone (mode 0700)."""
        with TemporaryDirectory(prefix="tl-") as folder:
            path = f"{folder}/errands"
            runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=1, handler_cancellation=True)
            await runner.setup()
            await web.UnixSite(runner, path).start()
            connector = UnixConnector(path, limit=0, force_close=True)
            try:
                async with ClientSession(
                    connector=connector, timeout=ClientTimeout(total=None)
                ) as self._session:
                    task_status.started()
                    await anyio.sleep_forever()
            finally:
                self._session = None
                with anyio.CancelScope(shield=True):
                    await runner.cleanup()

    @asynccontextmanager
    async def carry_out(self, errand: Errand) -> AsyncIterator[Reply]:
        """Do it here. Raises OutOfReach, ClientError."""
        if self._session is None:
            raise OutOfReach("this node does not do errands yet")
        headers = {**errand.headers, _WHO: json.dumps(errand.who)}
        url = URL(f"http://localhost{errand.path}", encoded=True)
        async with self._session.request(
            errand.method, url, headers=headers, data=errand.body or None, allow_redirects=False
        ) as answer:
            told = {name: answer.headers[name] for name in _TOLD if name in answer.headers}
            long = answer.content_length is None and answer.status == 200
            yield Reply(answer.status, told, _parts(answer, long=long), long)


async def _parts(answer: ClientResponse, *, long: bool) -> AsyncIterator[bytes]:
    """What comes soon one after the other is gathered, where it goes on and on."""
    while part := await (answer.content.readany() if long else answer.content.read(_PART)):
        yield part
        if long:
            await anyio.sleep(_GATHER_S)


async def _as_told(request: web.Request, _scope: Scope) -> Who:
    told = json.loads(request.headers[_WHO])
    return Who(told["id"], told["name"], frozenset(map(Scope, told["scopes"])), told["address"])
