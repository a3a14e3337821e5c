"""Errands between two nodes in memory: done once, given up by either end when the other falls silent."""

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio
import pytest

from api import errands
from api.errands import Errand, Errands, NodeGone, Reply
from api.memory_post import MemoryPost, Village
from core.errors import OutOfReach

pytestmark = pytest.mark.anyio
_ERRAND = Errand("POST", "/v1/calls/call_1/dtmf", {"Accept": "*/*"}, b'{"keys": "1"}', {"id": "user_1"})


class Clerk:
    """Answers in parts; `stays` keeps it at it, `over` is set once it was left."""

    def __init__(self, *parts: bytes, stays: bool = False) -> None:
        self._parts, self._stays = parts, stays
        self.asked: list[Errand] = []
        self.over = anyio.Event()

    @asynccontextmanager
    async def __call__(self, errand: Errand) -> AsyncIterator[Reply]:
        self.asked.append(errand)
        try:
            yield Reply(200, {"Content-Type": "text/plain"}, self._told())
        finally:
            self.over.set()

    async def _told(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part
        while self._stays:
            await anyio.sleep(0.01)
            yield b"more"


def _nobody(_errand: Errand) -> AbstractAsyncContextManager[Reply]:
    raise OutOfReach("nobody does errands here")


async def _all(parts: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in parts])


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "_SILENT_S", 0.6)
    monkeypatch.setattr(errands, "_BEAT_S", 0.1)


@asynccontextmanager
async def _nodes(clerk: Clerk) -> AsyncIterator[tuple[Errands, Errands, Village]]:
    village = Village()
    asks = Errands(village.post("a"), "a", _nobody)
    does = Errands(village.post("b"), "b", clerk)
    async with anyio.create_task_group() as tasks:
        await tasks.start(asks.run)
        await tasks.start(does.run)
        yield asks, does, village
        tasks.cancel_scope.cancel()


async def test_an_errand_arrives_as_it_was_sent_and_is_answered_in_parts() -> None:
    clerk = Clerk(b"one ", b"two")
    async with _nodes(clerk) as (asks, _, _), asks.ask("b", _ERRAND) as reply:
        told = await _all(reply.parts)
    assert (reply.status, reply.headers, told) == (200, {"Content-Type": "text/plain"}, b"one two")
    assert clerk.asked == [_ERRAND]


async def test_what_takes_longer_than_a_silence_may_last_is_waited_for() -> None:
    clerk = Clerk(stays=True)
    async with _nodes(clerk) as (asks, _, _), asks.ask("b", _ERRAND) as reply:
        with anyio.move_on_after(1.5):
            async for part in reply.parts:
                assert part == b"more"
        assert not clerk.over.is_set()


async def test_whoever_leaves_ends_it_at_the_other_node() -> None:
    clerk = Clerk(stays=True)
    async with _nodes(clerk) as (asks, _, _):
        async with asks.ask("b", _ERRAND) as reply:
            assert await anext(aiter(reply.parts)) == b"more"
        with anyio.fail_after(0.4):
            await clerk.over.wait()


async def test_a_node_that_is_not_there_is_named() -> None:
    async with _nodes(Clerk()) as (asks, _, _):
        with pytest.raises(NodeGone, match="the node c does not answer"):
            async with asks.ask("c", _ERRAND):
                pass


async def test_a_node_that_falls_silent_in_the_middle_is_named() -> None:
    async with _nodes(Clerk(stays=True)) as (asks, _, village):
        async with asks.ask("b", _ERRAND) as reply:
            parts = aiter(reply.parts)
            assert await anext(parts) == b"more"
            heard = village.hearing.pop("a")  # nothing comes through any more
            with pytest.raises(NodeGone):
                await _all(parts)
        village.hearing["a"] = heard


async def test_an_errand_of_somebody_who_is_gone_is_given_up() -> None:
    clerk = Clerk(stays=True)
    async with _nodes(clerk) as (_, _, village):
        gone = Errands(MemoryPost(village, "gone"), "gone", _nobody)
        with anyio.move_on_after(0.2):
            async with gone.ask("b", _ERRAND):
                pass
        with anyio.fail_after(3):
            await clerk.over.wait()


async def test_an_errand_in_words_of_another_release_ends_no_node() -> None:
    clerk = Clerk(b"done")
    async with _nodes(clerk) as (asks, _, village):
        strange = {"id": "x", "kind": "asked", "about": {"back": "a", "colour": "red"}}
        for told in (strange, {**strange, "about": {}}):
            await village.post("c").send("b", json.dumps(told).encode() + b"\n")
        for noise in (b"", b"{", b"[]", b'{"id": 1}', b"\xff\n"):
            await village.post("c").send("b", noise)
        async with asks.ask("b", _ERRAND) as reply:
            assert await _all(reply.parts) == b"done"


async def test_a_node_that_cannot_do_errands_yet_is_as_good_as_gone() -> None:
    village = Village()
    asks, cannot = Errands(village.post("a"), "a", _nobody), Errands(village.post("b"), "b", _nobody)
    async with anyio.create_task_group() as tasks:
        await tasks.start(asks.run)
        await tasks.start(cannot.run)
        with pytest.raises(NodeGone):
            async with asks.ask("b", _ERRAND):
                pass
        tasks.cancel_scope.cancel()
