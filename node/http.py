"""The API on its port, for as long as the node lives."""

from typing import Final

import anyio
from aiohttp import web
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from core.errors import BadInput
from node.settings import ApiSettings
from node.tls import Tls

_SILENT_S: Final = 20.0
_LONGEST_LINE: Final = 8190


async def serve(
    app: web.Application,
    settings: ApiSettings,
    tls: Tls | None = None,
    *,
    task_status: TaskStatus[None] = TASK_STATUS_IGNORED,
) -> None:
    """Serve until cancelled. Raises BadInput when the address cannot be had.

    A connection on which no whole head of a request arrives within 20 s is closed, as is a head that is too
    long; how long a body may take is the application's business.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=1,
        handler_cancellation=True,
        keepalive_timeout=_SILENT_S,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_LINE,
    )
    await runner.setup()
    try:
        await _listen(runner, settings, tls)
        task_status.started()
        await (anyio.sleep_forever() if tls is None else tls.run())
    finally:
        with anyio.CancelScope(shield=True):
            await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: ApiSettings, tls: Tls | None) -> None:
    context = tls.context if tls is not None else None
    try:
        await web.TCPSite(runner, settings.host, settings.port, ssl_context=context).start()
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise BadInput(
            f"the API cannot listen on {where} ({error.strerror}): set api.port to another"
        ) from error
