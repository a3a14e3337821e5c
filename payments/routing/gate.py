"""The outage gate: a gateway of which too many of the last answers were breakages is not asked for now."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Outage:
    """What counts as one: of the last `of` answers within `within_s`, at least `few`, the share `broken`."""

    broken: float = 0.4
    few: int = 10
    of: int = 20
    within_s: float = 120.0


class Gate:
    """The gate of one gateway. Answers grow old, so it opens by itself where nobody asks any more."""

    def __init__(self, outage: Outage) -> None:
        self._outage = outage
        self._answers: deque[tuple[datetime, bool]] = deque()
        self._broken = 0

    def note(self, at: datetime, *, broken: bool) -> None:
        """Take an answer in."""
        self._answers.append((at, broken))
        self._broken += broken
        if len(self._answers) > self._outage.of:
            self._broken -= self._answers.popleft()[1]

    def shut(self, now: datetime) -> str:
        """Why the gateway is not asked, in words; empty when it may be."""
        if not self._broken:
            return ""
        young = now - timedelta(seconds=self._outage.within_s)
        broken = [was_broken for at, was_broken in self._answers if at >= young]
        if len(broken) < self._outage.few or sum(broken) < self._outage.broken * len(broken):
            return ""
        return f"outage: {sum(broken)} of its last {len(broken)} answers broke"
