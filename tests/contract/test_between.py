"""The post between nodes: the one over PostgreSQL and the one in memory keep the same promises."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import anyio
import pytest

from api.errands import Post
from api.memory_post import Village
from db.between import Between
from db.engine import Work

pytestmark = pytest.mark.anyio
MakePost = Callable[[str], Post]


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.integration)])
def made(request: pytest.FixtureRequest) -> MakePost:
    if request.param == "memory":
        return Village().post
    url: str = request.getfixturevalue("database")
    work: Work = request.getfixturevalue("work")
    return partial(_stored, work, url)


def _stored(work: Work, url: str, node: str) -> Post:
    return Between(work, url, node)


@asynccontextmanager
async def _listening(post: Post) -> AsyncIterator[list[bytes]]:
    heard: list[bytes] = []
    async with anyio.create_task_group() as tasks:
        await tasks.start(partial(post.run, heard.append))
        yield heard
        tasks.cancel_scope.cancel()


async def _until(heard: list[bytes], count: int) -> None:
    with anyio.fail_after(20):
        while len(heard) < count:  # noqa: ASYNC110 - the post tells nobody
            await anyio.sleep(0.01)


async def test_messages_of_any_length_arrive_whole_and_in_order_where_they_were_sent(made: MakePost) -> None:
    sent = [b"", b"short", bytes(range(256)) * 400, "é".encode() * 5000, b"last"]
    async with _listening(made("a")) as at_a, _listening(made("b")) as at_b:
        sender = made("c")
        for message in sent:
            await sender.send("a", message)
        await sender.send("b", b"for b")
        await _until(at_a, len(sent))
        await _until(at_b, 1)
    assert at_a == sent
    assert at_b == [b"for b"]


async def test_the_pieces_of_long_messages_that_come_at_once_are_not_mixed_up(made: MakePost) -> None:
    sent = {bytes([n]) * 30_000 for n in range(10)}
    async with _listening(made("a")) as heard, anyio.create_task_group() as tasks:
        for message in sent:
            tasks.start_soon(made("b").send, "a", message)
        await _until(heard, len(sent))
    assert set(heard) == sent


async def test_what_is_sent_to_nobody_is_lost_without_an_error(made: MakePost) -> None:
    await made("a").send("nobody", b"hello")


async def test_two_nodes_with_long_names_are_told_apart(made: MakePost) -> None:
    names = [f"{'controller-' * 10}{n}" for n in range(2)]
    async with _listening(made(names[0])) as first, _listening(made(names[1])) as second:
        await made("c").send(names[1], b"second")
        await _until(second, 1)
    assert first == []
