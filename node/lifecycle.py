"""The life of a node: parts start in order, a signal drains the calls, what is left is written, all stops."""

import gc
import signal
from collections.abc import AsyncIterator

import anyio
import structlog
from anyio.abc import TaskGroup

from core.clock import SystemClock
from core.errors import BadInput, HearingLost, VoiceLost
from core.events import CallEnded
from node.api_access import files_of
from node.database import migrated, reached
from node.http import serve
from node.settings import Settings
from node.tls import Tls
from node.wiring import Node, directory_of, wire

log = structlog.get_logger(__name__)

_DRAIN_S = 3600.0  # a second signal does not wait that long
_CHARGES_S = 40.0


async def run(settings: Settings) -> None:
    """Run the line until SIGTERM or SIGINT; calls that are up come to their end, unless it is sent twice."""
    directory = directory_of(settings)  # mistakes in files are told before anything is started
    files = files_of(settings)
    tls = Tls(*files) if files is not None else None
    async with reached(settings) as url:
        await migrated(url)
        node = wire(settings, url, directory)
        try:
            async with node.poster, anyio.create_task_group() as tasks:
                with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
                    await _start(node, settings, tls, tasks)
                    async for number in signals:
                        log.info("asked to stop", signal=signal.Signals(number).name, calls=node.runner.calls)
                        break
                    await _drain(node, signals)
                tasks.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await _stop(node)


async def _start(node: Node, settings: Settings, tls: Tls | None, tasks: TaskGroup) -> None:
    """Those that others lean on come first; calls are taken last."""
    tasks.start_soon(node.lag.run)
    tasks.start_soon(node.facts.run)
    await tasks.start(node.vault.run)
    for run in node.learning:
        tasks.start_soon(run)
    await tasks.start(node.desk.run)
    await tasks.start(node.captures.run)
    tasks.start_soon(node.jobs.run)
    tasks.start_soon(node.leases.alone, "reconcile", node.reconciler.run)
    await tasks.start(node.broadcast.run)
    tasks.start_soon(node.relay.run)
    await tasks.start(serve, node.api, settings.api, tls)
    await tasks.start(node.talks.speaks.run)
    await _warm(node, settings.line.language)
    await _listen(node, tasks)
    tasks.start_soon(_warm_keyed, node, settings.line.language)
    await _end_left_open(node, settings.line.node)
    gc.freeze()  # what is there now stays: going through it would stop all calls for a tenth of a second
    await tasks.start(node.switch.run)
    await tasks.start(node.runner.run)
    tasks.start_soon(_warm_others, node)
    log.info("the line is ready", number_of_calls_at_once=settings.line.max_calls)


async def _drain(node: Node, signals: AsyncIterator[signal.Signals]) -> None:
    """Take no new calls, wait for those that are up; the next signal ends the waiting."""
    node.runner.drain()
    with anyio.move_on_after(_DRAIN_S):
        async with anyio.create_task_group() as waiting:

            async def hurry() -> None:
                await anext(signals)
                log.warning("asked to stop again: calls are cut off", calls=node.runner.calls)
                waiting.cancel_scope.cancel()

            waiting.start_soon(hurry)
            await node.runner.drained()
            waiting.cancel_scope.cancel()
    left = await node.desk.drain(_CHARGES_S)
    if left:
        log.error("charges are left to the reconciler", charges=left)


async def _stop(node: Node) -> None:
    await node.facts.flush()
    node.vault.wipe_all()
    await node.gateway.close()
    for gateway in node.others:
        await gateway.close()
    await node.work.close()
    log.info("the line has stopped")


async def _warm(node: Node, language: str) -> None:
    try:
        await node.talks.speaks.sounds.warm(node.talks.texts.fixed(language))
    except VoiceLost as lost:
        raise BadInput(f"the line has no voice: {lost}") from lost


async def _warm_keyed(node: Node, language: str) -> None:
    """What a line that listens says to those who must use keys; it is rarely needed, and not waited for."""
    try:
        await node.talks.speaks.sounds.warm(node.talks.keyed.fixed(language))
    except VoiceLost as lost:
        log.warning("the voice was lost while prompts were prepared", why=str(lost))


async def _warm_others(node: Node) -> None:
    """The further languages, while the line takes calls already."""
    for language in node.talks.languages[1:]:
        if language in node.talks.texts.languages:
            try:
                await node.talks.speaks.sounds.warm(node.talks.texts.fixed(language))
            except VoiceLost as lost:
                log.warning("a language has no voice", language=language, why=str(lost))


async def _listen(node: Node, tasks: TaskGroup) -> None:
    """A recognizer that does not start leaves the callers their keys."""
    if node.talks.hears is None:
        return
    try:
        await tasks.start(node.talks.hears.run)
    except HearingLost as lost:
        log.error("callers are not heard and answer with keys", why=str(lost))


async def _end_left_open(node: Node, name: str) -> None:
    """What an earlier process of this name left open is over; those of its calls that live on begin anew."""
    for left in await node.sessions.end_left_open(name, SystemClock().now()):
        seconds = (left.ended_at - left.started_at).total_seconds() if left.ended_at else 0.0
        node.facts.tell(CallEnded(left.id, left.outcome, left.cause, round(seconds, 3)))
        log.warning("a call that was left open is over", call=left.id, started=left.started_at.isoformat())
