"""The most calls that are held: up while it goes well, down while not, then halving what is between."""

from collections.abc import Awaitable, Callable

import anyio

Holds = Callable[[int], Awaitable[bool]]

_STEP = 1.4
_FINE = 1.1  # the bracket's ends are no more than a tenth apart
_MOST = 1200
_LEAST = 10


async def most(holds: Holds, first: int, within_s: float) -> int:
    """The greatest number that held; 0 when none did. Once one held, no trial begins after `within_s`."""
    until = anyio.current_time() + within_s
    low, high, tried = 0, 0, first
    while anyio.current_time() < until or not low:
        if await holds(tried):
            low = tried
        else:
            high = tried
        if (high and high <= max(low * _FINE, _LEAST)) or low >= _MOST:
            break
        tried = _next(low, high)
    return low


def _next(low: int, high: int) -> int:
    if not high:
        return min(_round(low * _STEP), _MOST)
    return _round((low + high) / 2) if low else _round(high / _STEP)


def _round(calls: float) -> int:
    return max(round(calls / 5) * 5, _LEAST)
