"""Many live clients in one process: `python -m tests.load.live_clients PORT COUNT INTERESTED FIRST`.

The first INTERESTED ask for the topic `links`, the others for a call of their own, on which nothing happens.
It prints a line once all are told that they are caught up, and after a line on its standard input the
milliseconds from each link's name (nanoseconds since 1970) to its arrival, as JSON.
"""

import asyncio
import gc
import json
import sys
import time
from typing import cast

import uvloop

_HANDSHAKE = (
    "GET /v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_AT_ONCE = 50


class Client(asyncio.Protocol):
    """One WebSocket, as much of RFC 6455 as it takes to ask and to hear."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._came: list[tuple[int, bytes]] = []
        self._buffer = bytearray()
        self._upgraded = False
        self.caught_up = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class
        self._transport.write(_HANDSHAKE.encode())

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.caught_up.done():
            self.caught_up.set_exception(exc or ConnectionResetError("the line closed the connection"))

    def data_received(self, data: bytes) -> None:
        at_ns = time.time_ns()
        self._buffer += data
        if not self._upgraded:
            head, found, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not found:
                return
            assert head.startswith(b"HTTP/1.1 101"), head[:80]
            self._upgraded, self._buffer = True, bytearray(rest)
            self._send(1, json.dumps({"topics": [self._topic]}).encode())
        while self._frame(at_ns):
            pass

    def heard_ms(self) -> list[float]:
        """How late each link was; it is read only now, so that reading holds nobody up while it counts."""
        return [(at_ns - int(json.loads(told)["link"])) / 1e6 for at_ns, told in self._came]

    def _frame(self, at_ns: int) -> bool:
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        size, start = buffer[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(buffer[2:4], "big"), 4
        if len(buffer) < start + size:
            return False
        payload, opcode = bytes(buffer[start : start + size]), buffer[0] & 0x0F
        del buffer[: start + size]
        if opcode == 9:
            self._send(10, payload)
        elif opcode == 1 and not self.caught_up.done():
            assert json.loads(payload)["kind"] == "caught_up", payload
            self.caught_up.set_result(None)
        elif opcode == 1:
            self._came.append((at_ns, payload))
        return True

    def _send(self, opcode: int, payload: bytes) -> None:
        """Masked with zeros, which a mask may be."""
        size = len(payload)
        head = (
            bytes((0x80 | opcode, 0x80 | size))
            if size < 126
            else bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
        )
        self._transport.write(head + bytes(4) + payload)


async def main(port: int, count: int, interested: int, first: int) -> None:
    clients: list[Client] = []
    loop, turn = asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE)

    async def connect(number: int) -> None:
        topic = "links" if number < interested else f"call:call_{first + number}"
        async with turn:
            _, client = await loop.create_connection(lambda: Client(topic), "127.0.0.1", port)
            await client.caught_up
            clients.append(client)

    await asyncio.gather(*(connect(number) for number in range(count)))
    sys.stdout.write("connected\n")
    sys.stdout.flush()
    gc.freeze()
    await asyncio.to_thread(sys.stdin.readline)
    json.dump([round(ms, 3) for client in clients for ms in client.heard_ms()], sys.stdout)
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(*map(int, sys.argv[1:5])))
