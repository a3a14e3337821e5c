"""Errands: requests about what another node holds, carried there and answered from there.

Both ends say that they are still there; an end that falls silent is given up.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Protocol
from uuid import uuid4

import anyio
import structlog
from aiohttp import ClientError
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskGroup, TaskStatus
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from core.errors import OutOfReach, StoreLost

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_BEAT_S: Final = 1.0
_SILENT_S: Final = 4.0
_AHEAD: Final = 200  # parts of a long answer that may wait to be read


@dataclass(frozen=True, slots=True)
class Errand:
    """A request as it was let in: by whom, and what of its headers counts; `scopes` and `who` are of Who."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    who: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `long` when its parts come as they are made, for as long as somebody reads."""

    status: int
    headers: dict[str, str]
    parts: AsyncIterator[bytes]
    long: bool = False


class Post(Protocol):
    """Messages between nodes (db.between). Raises StoreLost."""

    async def send(self, node: str, message: bytes) -> None:
        """Send one; whether the other node is there is not known."""
        ...

    async def run(
        self, hear: Callable[[bytes], None], *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED
    ) -> None:
        """Hand on each message that is for this node, until cancelled."""
        ...


class NodeGone(OutOfReach):
    """Another node does not answer."""


Clerk = Callable[[Errand], AbstractAsyncContextManager[Reply]]
"""Does here what was asked elsewhere. Raises OutOfReach, ClientError."""


@dataclass(slots=True)
class _Message:
    kind: str
    about: dict[str, Any]
    data: bytes = b""


@dataclass(slots=True)
class _Doing:
    """Something that is done here; `heard_s` is when its asker was heard last, by the loop's clock."""

    scope: anyio.CancelScope
    heard_s: float = field(default_factory=anyio.current_time)


class Errands:
    """Both ends of errands, for one node. `run` belongs to the node's task group."""

    def __init__(self, post: Post, node: str, clerk: Clerk) -> None:
        self._post, self._node, self._clerk = post, node, clerk
        self._asked: dict[str, MemoryObjectSendStream[_Message]] = {}
        self._doing: dict[str, _Doing] = {}
        self._tasks: TaskGroup | None = None

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Hear other nodes, and do what they ask, until cancelled."""
        async with anyio.create_task_group() as self._tasks:
            await self._post.run(self._hear, task_status=task_status)

    @asynccontextmanager
    async def ask(self, node: str, errand: Errand) -> AsyncIterator[Reply]:
        """Have it done at another node. Leaving ends it there. Raises NodeGone, StoreLost."""
        name = uuid4().hex
        put, take = anyio.create_memory_object_stream[_Message](_AHEAD)
        self._asked[name] = put
        try:
            with put, take:
                about = {**asdict(errand), "body": "", "back": self._node}
                await self._send(node, name, "asked", about, errand.body)
                begun = await self._next(node, name, take)
                yield Reply(**begun.about, parts=self._parts(node, name, take))
        finally:
            del self._asked[name]
            with anyio.CancelScope(shield=True):
                await self._quietly(node, name, "stop")

    async def _parts(
        self, node: str, name: str, take: MemoryObjectReceiveStream[_Message]
    ) -> AsyncIterator[bytes]:
        while (message := await self._next(node, name, take)).kind == "part":
            yield message.data

    async def _next(self, node: str, name: str, take: MemoryObjectReceiveStream[_Message]) -> _Message:
        """The next that counts. A sign of life is answered by one."""
        while True:
            try:
                with anyio.fail_after(_SILENT_S):
                    message = await take.receive()
            except (TimeoutError, anyio.EndOfStream):
                told = f"the node {node} does not answer: see that it runs, and that it reaches the database"
                raise NodeGone(told) from None
            if message.kind != "beat":
                return message
            await self._send(node, name, "beat")

    def _hear(self, message: bytes) -> None:
        head, _, data = message.partition(b"\n")
        try:
            told = json.loads(head)
            name, one = str(told["id"]), _Message(told["kind"], told["about"], data)
        except (ValueError, KeyError, TypeError):
            log.warning("another node said what is no errand", length=len(message))
            return
        if one.kind == "asked" and self._tasks is not None:
            self._tasks.start_soon(self._do, name, one)
        elif (doing := self._doing.get(name)) is not None:
            doing.heard_s = anyio.current_time()
            if one.kind == "stop":
                doing.scope.cancel()
        elif (asked := self._asked.get(name)) is not None:
            self._hand(name, asked, one)

    def _hand(self, name: str, asked: MemoryObjectSendStream[_Message], one: _Message) -> None:
        try:
            asked.send_nowait(one)
        except (anyio.WouldBlock, anyio.BrokenResourceError):
            log.info("an answer is not read, and given up", errand=name)
            asked.close()

    async def _do(self, name: str, asked: _Message) -> None:
        """What breaks here is no reason for the node to end: whoever asked is told nothing, and gives up."""
        try:
            back, errand = _errand_of(asked)
            async with anyio.create_task_group() as tasks:
                self._doing[name] = doing = _Doing(tasks.cancel_scope)
                tasks.start_soon(self._beat, back, name, doing)
                await self._answer(back, name, errand)
                tasks.cancel_scope.cancel()
        except* (OutOfReach, ClientError) as errors:
            log.warning("an errand was not answered", errand=name, why=str(errors.exceptions[0]))
        except* Exception:
            log.exception("an errand broke", errand=name)
        finally:
            self._doing.pop(name, None)

    async def _answer(self, back: str, name: str, errand: Errand) -> None:
        async with self._clerk(errand) as reply:
            about = {"status": reply.status, "headers": reply.headers, "long": reply.long}
            await self._send(back, name, "begun", about)
            async for part in reply.parts:
                await self._send(back, name, "part", data=part)
            await self._send(back, name, "over")

    async def _beat(self, back: str, name: str, doing: _Doing) -> None:
        """Say that it is being done, until whoever asked is not heard any more."""
        while anyio.current_time() - doing.heard_s < _SILENT_S:
            await self._quietly(back, name, "beat")
            await anyio.sleep(_BEAT_S)
        log.info("an errand was given up: nobody waits for it", errand=name, to=back)
        doing.scope.cancel()

    async def _quietly(self, node: str, name: str, kind: str) -> None:
        try:
            await self._send(node, name, kind)
        except StoreLost as lost:
            log.warning("another node was not told", to=node, what=kind, why=str(lost))

    async def _send(
        self, node: str, name: str, kind: str, about: dict[str, Any] | None = None, data: bytes = b""
    ) -> None:
        head = json.dumps({"id": name, "kind": kind, "about": about or {}})
        await self._post.send(node, head.encode() + b"\n" + data)


def _errand_of(asked: _Message) -> tuple[str, Errand]:
    """Who asked, and what; a node of another release may have other words for it."""
    about = dict(asked.about)
    return about.pop("back"), Errand(**{**about, "body": asked.data})
