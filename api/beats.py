"""Pings for many WebSockets, spread evenly over time, and an end for those that do not answer.

Heartbeats of their own, on whole seconds, come in bursts once thousands are connected, and what happens at
such a moment is told late. Here a few are pinged at each step.
"""

import asyncio
from collections import deque
from typing import Final, Protocol

_PING: Final = b"\x89\x00"  # RFC 6455, 5.5.2, without a payload


class Beaten(Protocol):
    """One socket. `answered` is set by whoever hears of it, whatever it says."""

    answered: bool

    @property
    def gone(self) -> bool:
        """Whether its connection is over."""
        ...

    def send(self, frame: bytes) -> None:
        """Write a whole frame."""
        ...

    def end(self) -> None:
        """It did not answer."""
        ...


class Beats:
    """Each socket is pinged every `every_s`, and ended when it said nothing since the ping before.

    It runs on timers of the running loop, from the first socket to the last.
    """

    def __init__(self, every_s: float = 30.0, step_s: float = 0.05) -> None:
        self._every_s, self._step_s = every_s, step_s
        self._ring: deque[Beaten] = deque()
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def enter(self, one: Beaten) -> None:
        """Ping it from now on, until it is gone."""
        one.answered = True
        self._ring.append(one)
        if self._timer is None:
            self._again()

    def step(self) -> None:
        """Ping those whose turn it is: as many as a step's part of the whole round."""
        self._due += len(self._ring) * self._step_s / self._every_s
        while self._due >= 1 and self._ring:
            self._due -= 1
            self._beat(self._ring.popleft())

    def _beat(self, one: Beaten) -> None:
        if one.gone:
            return
        if not one.answered:
            one.end()
            return
        one.answered = False
        one.send(_PING)
        self._ring.append(one)

    def _again(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._step_s, self._on_time)

    def _on_time(self) -> None:
        self.step()
        self._timer = None
        if self._ring:
            self._again()
