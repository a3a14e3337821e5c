"""Whether any gateway can be reached, over real sockets of the loopback."""

import socket

import anyio
import pytest

from core.errors import OutOfReach
from payments.reach import Reach

pytestmark = pytest.mark.anyio


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def test_one_gateway_that_answers_is_enough() -> None:
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    async with listener:
        port = listener.extra(anyio.abc.SocketAttribute.local_port)
        await Reach([f"https://127.0.0.1:{_free_port()}", f"https://127.0.0.1:{port}"]).any()


async def test_where_none_answers_all_are_named() -> None:
    urls = [f"https://127.0.0.1:{_free_port()}" for _ in range(2)]
    with pytest.raises(OutOfReach, match=f"{urls[0]}, {urls[1]}"):
        await Reach(urls).any()
