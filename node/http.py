"""The API on its port, for as long as the node lives."""

import anyio
from aiohttp import web
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from core.errors import BadInput
from node.settings import ApiSettings


async def serve(
    app: web.Application, settings: ApiSettings, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED
) -> None:
    """Serve until cancelled. Raises BadInput when the address cannot be had."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, handler_cancellation=True)
    await runner.setup()
    try:
        await _listen(runner, settings)
        task_status.started()
        await anyio.sleep_forever()
    finally:
        with anyio.CancelScope(shield=True):
            await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: ApiSettings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise BadInput(
            f"the API cannot listen on {where} ({error.strerror}): set api.port to another"
        ) from error
