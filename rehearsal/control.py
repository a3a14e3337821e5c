"""baresip's control protocol (module ctrl_tcp), JSON in netstrings: bytes in, messages out, no socket.

A netstring is `LENGTH:BYTES,` (cr.yp.to/proto/netstrings.txt).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_BYTES = 65536


class Garbled(ValueError):
    """What came is not of this protocol."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened in the client: `type` such as CALL_ESTABLISHED, `detail` in its own words."""

    type: str
    detail: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Packets of sound so far: `received` of them, `lost` on the way, their jitter (RFC 3550 6.4.1)."""

    received: int
    lost: int
    jitter_us: int


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to the command with that token."""

    token: str
    ok: bool
    text: str


Message = Event | Counted | Response


def command(name: str, parameters: str, token: str) -> bytes:
    """A command, ready to be sent."""
    fields = {"command": name, "params": parameters, "token": token}
    message = json.dumps({key: value for key, value in fields.items() if value}).encode()
    return b"%d:%s," % (len(message), message)


class Messages:
    """Cuts the stream of a client into its messages. Raises Garbled for what is no netstring of JSON."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> Iterator[Message]:
        """Take bytes, in any portion."""
        self._buffer += data
        while (text := self._next()) is not None:
            yield _message(text)

    def _next(self) -> bytes | None:
        head, colon, rest = self._buffer.partition(b":")
        if not colon:
            if len(head) > len(str(LONGEST_BYTES)):
                raise Garbled(f"a length was expected, not {head[:20]!r}")
            return None
        if not head.isdigit() or int(head) > LONGEST_BYTES:
            raise Garbled(f"{head[:20]!r} is not the length of a message")
        size = int(head)
        if len(rest) <= size:
            return None
        if rest[size : size + 1] != b",":
            raise Garbled("a message does not end with a comma")
        self._buffer = rest[size + 1 :]
        return rest[:size]


def _message(text: bytes) -> Message:
    try:
        fields = json.loads(text)
    except ValueError as problem:
        raise Garbled(f"a message is not JSON: {problem}") from problem
    if not isinstance(fields, dict):
        raise Garbled("a message is not an object")
    if fields.get("response"):
        return Response(str(fields.get("token", "")), bool(fields.get("ok")), str(fields.get("data", "")))
    match fields.get("rtcp_stats"):
        case {"rx": {"sent": int(received), "lost": int(lost), "jit": int(jitter_us)}}:
            return Counted(received, lost, jitter_us)
    return Event(str(fields.get("type", "")), str(fields.get("param", "")))
