"""How evenly sound comes."""

from collections.abc import Iterable, Iterator, Sequence

from tests.load.caller import Caller

LATE_MS = 60.0
_SILENCE_MS = 300.0


def gaps_ms(callers: Iterable[Caller], from_s: float, to_s: float) -> list[float]:
    """Milliseconds between packets that reached the listening callers in that time.

    A longer silence than 300 ms is the line waiting for a key, and is left out; the shorter ones between two
    prompts are not.
    """
    return [gap for one in callers if one.listens for gap in _of(one, from_s, to_s)]


def percentile(values: Sequence[float], part: float) -> float:
    """The nearest-rank percentile; infinite of nothing, so that nothing heard is no success."""
    if not values:
        return float("inf")
    return sorted(values)[min(int(part * len(values)), len(values) - 1)]


def _of(one: Caller, from_s: float, to_s: float) -> Iterator[float]:
    for before, after in zip(one.heard, one.heard[1:], strict=False):
        lost = ((after.sequence - before.sequence) & 0xFFFF) - 1
        gap_ms = (after.at_s - before.at_s) * 1000
        if from_s <= before.at_s and after.at_s <= to_s and (gap_ms < _SILENCE_MS or lost > 0):
            yield gap_ms
