"""How strained hearing is, by how long sound waits for the engine, and what is given up for it."""

from bisect import bisect_right
from collections.abc import Callable
from enum import IntEnum
from typing import Final

import anyio
import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_AT_S: Final = (0.15, 0.3, 0.6, 1.2)  # of waiting sound: from there on the next step is taken
_RISE_S: Final = 0.25  # between two steps up: a single slow answer is no strain
_CALM_S: Final = 3.0  # between two steps down


class Step(IntEnum):
    """What is given up; each step gives up what those before it do."""

    EASY = 0
    NO_SECOND_OPINIONS = 1
    NO_PARTIALS = 2
    LONGER_CHUNKS = 3
    KEYPAD_FIRST = 4  # new calls are not listened to


class Strain:
    """Steps up, one at a time, while sound waits too long; down again after 3 s without that each."""

    def __init__(self, now: Callable[[], float] = anyio.current_time) -> None:
        self._now = now
        self._step = Step.EASY
        self._rose_at = self._tense_at = float("-inf")

    @property
    def step(self) -> Step:
        """Where we are."""
        while self._step and self._now() - self._tense_at >= _CALM_S:
            self._tense_at += _CALM_S
            self._go(self._step - 1)
        return self._step

    def note(self, lag_s: float) -> None:
        """Sound has waited so long for the engine, or still does."""
        now, step = self._now(), self.step
        if step and lag_s >= _AT_S[step - 1] / 2:
            self._tense_at = now
        if bisect_right(_AT_S, lag_s) > step and now - self._rose_at >= _RISE_S:
            self._rose_at = self._tense_at = now
            self._go(step + 1)

    def _go(self, step: int) -> None:
        self._step = Step(step)
        log.warning("hearing is strained" if step else "hearing is at ease", step=self._step.name.lower())
