"""Facts fanned out by topic: each is written once, and its bytes go to everybody who asked for its topic.

A server's WebSocket frame is not masked (RFC 6455, 5.1), so that all listeners get the same bytes.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

import structlog

from api.schemas import rendered
from api.topics import family_of, is_callers, of_call, of_caller, topics_of
from core.events import CallEnded, CallStarted, Recorded

log = structlog.get_logger(__name__)

_BEHIND_BYTES: Final = 256 * 1024
_WAITING: Final = 2000


class Listener:
    """One client. Until `caught_up` what comes waits; whoever does not read is let go.

    `let_go` is called once, when the client is too late; it may come again with the last number that it saw.
    It is Beaten, too (api.beats).
    """

    __slots__ = ("_last", "_late", "_let_go", "_transport", "_waiting", "answered", "topics")

    def __init__(self, transport: asyncio.WriteTransport, let_go: Callable[[], None]) -> None:
        self.topics: frozenset[str] = frozenset()
        self.answered = True
        self._transport, self._let_go = transport, let_go
        self._waiting: deque[tuple[int, bytes]] | None = deque()
        self._late = False
        self._last = 0

    def hear(self, seq: int, frame: bytes) -> None:
        """Take a fact that is told just now."""
        if self._late or seq <= self._last or self._transport.is_closing():
            return
        if self._waiting is not None and len(self._waiting) < _WAITING:
            self._waiting.append((seq, frame))
        elif self._waiting is None and self._transport.get_write_buffer_size() < _BEHIND_BYTES:
            self._transport.write(frame)
        else:
            self._late = True
            self._let_go()

    @property
    def gone(self) -> bool:
        """Whether its connection is over."""
        return self._transport.is_closing()

    def send(self, frame: bytes) -> None:
        """Write a whole frame, whatever waits."""
        self._transport.write(frame)

    def end(self) -> None:
        """It did not answer: nothing that is sent would be read."""
        self._transport.abort()

    def wait(self) -> None:
        """Keep what comes until `caught_up`."""
        self._waiting, self._last = deque(), 0

    def caught_up(self, last: int, told: bytes) -> None:
        """All up to the number `last` was sent: say so with `told`, if any, then what came meanwhile.

        What has a number up to `last` and is told only now, it does not hear again.
        """
        waiting, self._waiting, self._last = self._waiting or deque(), None, last
        if told:
            self._transport.write(told)
        for seq, frame in waiting:
            self.hear(seq, frame)


class Hub:
    """Listeners by topic."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self.newest = 0  # of what was told; whoever enters hears all that is newer

    def tell(self, recorded: Recorded) -> None:
        """Tell everybody who asked for one of its topics, each once.

        Whoever hears a caller hears each call that this caller begins, from its beginning to its end.
        """
        self.newest = recorded.seq
        fact = recorded.fact
        if isinstance(fact, CallStarted):
            for listener in tuple(self._listeners.get(of_caller(fact.caller), ())):
                self.enter(listener, listener.topics | {of_call(fact.call)})
        hearing = self._hearing(topics_of(fact))
        if hearing:
            frame = framed(told(recorded))
            for listener in hearing:
                listener.hear(recorded.seq, frame)
        if isinstance(fact, CallEnded):
            for listener in hearing:
                if any(map(is_callers, listener.topics)):
                    self.enter(listener, listener.topics - {of_call(fact.call)})

    def _hearing(self, topics: Iterable[str]) -> set[Listener]:
        return set[Listener]().union(*(self._listeners.get(topic, ()) for topic in topics))

    def enter(self, listener: Listener, topics: frozenset[str]) -> None:
        """From now on the listener hears these topics, and no others."""
        self.leave(listener)
        listener.topics = topics
        for topic in topics:
            self._listeners.setdefault(topic, set()).add(listener)

    def leave(self, listener: Listener) -> None:
        """It hears nothing more."""
        for topic in listener.topics:
            known = self._listeners.get(topic, set())
            known.discard(listener)
            if not known:
                self._listeners.pop(topic, None)
        listener.topics = frozenset()


def told(recorded: Recorded) -> dict[str, object]:
    """A fact as it is told live."""
    return {**rendered(recorded), "topic": family_of(recorded.fact)}


def framed(message: dict[str, object]) -> bytes:
    """A message as one text frame (RFC 6455, 5.2)."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big") + text
    return b"\x81\x7f" + size.to_bytes(8, "big") + text


def wanted(facts: Iterable[Recorded], topics: frozenset[str]) -> Iterable[Recorded]:
    """Those of the facts that belong to one of the topics."""
    return (one for one in facts if not topics.isdisjoint(topics_of(one.fact)))
