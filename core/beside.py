"""Something that goes on beside something else, and ends with it."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import anyio

T = TypeVar("T")


async def beside(main: Callable[[], Awaitable[T]], other: Callable[[], Coroutine[Any, Any, None]]) -> T:
    """What comes of `main`; `other` goes on meanwhile and is cancelled after it.

    What `main` raises comes out as it is, and not in a group.
    """
    why: Exception | None = None
    done: list[T] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(other)
        try:
            done.append(await main())
        except Exception as error:
            why = error
        tasks.cancel_scope.cancel()
    if why is not None:
        raise why
    return done[0]
