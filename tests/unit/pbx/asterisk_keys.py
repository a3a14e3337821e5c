"""What Asterisk 22 makes of keys as they arrive: a model of main/channel.c, for tests of those who listen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

SHORTEST_MS, PAUSE_MS = 80, 45
_TICK_MS = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """A key of so many milliseconds, whose first and last packets arrive then."""

    digit: str
    held_ms: int
    begins_ms: float
    ends_ms: float


@dataclass(frozen=True, slots=True)
class Event:
    """ChannelDtmfReceived."""

    digit: str
    held_ms: int
    at_ms: int


@dataclass(slots=True)
class Channel:
    """One channel on which nothing is played, with a packet of sound every 20 ms."""

    chance: Random
    events: list[Event] = field(default_factory=list)
    _down: bool = False  # a key is held
    _emulates_ms: float | None = None  # how long Asterisk itself holds one; 0 when it is just over
    _since_ms: float = -1000.0
    _put_off: list[tuple[str, int]] = field(default_factory=list)

    def hear(self, keys: Sequence[Sent]) -> list[Event]:
        """Take all packets, in order; what it told."""
        now_ms = 0.0
        for at_ms, kind, key in sorted(_packets(keys), key=lambda packet: packet[0]):
            now_ms = max(now_ms, self._take_up(at_ms))
            if kind == "begin" and key is not None:
                self._begin(at_ms)
            elif kind == "end" and key is not None:
                self._end(key.digit, key.held_ms, at_ms)
            else:
                self._pass_time(at_ms)
        self._take_up(now_ms + 5000)
        return self.events

    def _take_up(self, until_ms: float) -> float:
        """While a key is put off, the channel is looked at again and again."""
        at_ms = self._since_ms
        while self._put_off and at_ms < until_ms:
            if self._is_busy(at_ms):
                self._pass_time(at_ms)
            else:
                self._end(*self._put_off.pop(0), at_ms)
            at_ms += 0.5 + 3 * self.chance.random()
        return min(at_ms, until_ms)

    def _is_busy(self, at_ms: float) -> bool:
        return self._emulates_ms is not None or at_ms - self._since_ms < PAUSE_MS

    def _begin(self, at_ms: float) -> None:
        if not self._is_busy(at_ms):
            self._down, self._since_ms = True, at_ms

    def _end(self, digit: str, held_ms: int, at_ms: float) -> None:
        self.events.append(Event(digit, held_ms, round(at_ms)))
        if self._emulates_ms is not None or (not self._down and self._is_busy(at_ms)):
            self._put_off.append((digit, held_ms))
        elif not self._down:
            self._emulates_ms, self._since_ms = max(held_ms, SHORTEST_MS), at_ms
        else:
            self._down = False
            lasted_ms = at_ms - self._since_ms
            if lasted_ms < SHORTEST_MS:
                self._emulates_ms = SHORTEST_MS - lasted_ms
            else:
                self._since_ms = at_ms

    def _pass_time(self, at_ms: float) -> None:
        if self._emulates_ms == 0:
            self._emulates_ms = None
            return
        lasts_ms = None if self._down else self._emulates_ms
        if lasts_ms is not None and at_ms - self._since_ms >= lasts_ms:
            self._emulates_ms, self._since_ms = 0, at_ms


def _packets(keys: Sequence[Sent]) -> Iterator[tuple[float, str, Sent | None]]:
    for key in keys:
        yield key.begins_ms, "begin", key
        yield key.ends_ms, "end", key
    last_ms = max(key.ends_ms for key in keys)
    yield from ((float(at_ms), "sound", None) for at_ms in range(1, round(last_ms) + 1000, _TICK_MS))


def typed(
    digits: str, chance: Random, *, held_ms: int, every_ms: int, stutters: int, stutter_ms: int
) -> list[Sent]:
    """Keys at a person's pace, held up on their way a few times, each time for up to so long."""
    at_ms, planned = 500.0, []
    for digit in digits:
        planned.append((digit, at_ms))
        at_ms += every_ms * (0.8 + 0.4 * chance.random())
    gaps = [
        (begin := chance.uniform(500, at_ms), begin + chance.uniform(0, stutter_ms)) for _ in range(stutters)
    ]

    def arrives(sent_ms: float) -> float:
        return max([sent_ms, *(end for begin, end in gaps if begin <= sent_ms < end)])

    return [
        Sent(digit, held_ms, arrives(begin), arrives(begin + held_ms) + 0.1 * at)
        for at, (digit, begin) in enumerate(planned)
    ]
