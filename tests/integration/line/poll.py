"""Waiting for something to become true, no longer than a deadline."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

T = TypeVar("T")

_LOOK_S = 0.05


async def until(look: Callable[[], Awaitable[T | None]], within_s: float, otherwise: str) -> T:
    """What `look` finds, as soon as it finds something; AssertionError with `otherwise` when it does not."""
    with anyio.move_on_after(within_s):
        while not (found := await look()):  # noqa: ASYNC110 - databases and processes tell nobody
            await anyio.sleep(_LOOK_S)
        return found
    raise AssertionError(f"{otherwise} within {within_s:g} s")
