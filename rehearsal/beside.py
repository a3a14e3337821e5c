"""Something that runs beside a block of code and ends with it."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVarTuple, Unpack

import anyio

Ts = TypeVarTuple("Ts")


@asynccontextmanager
async def beside(
    run: Callable[[Unpack[Ts]], Coroutine[Any, Any, None]], *arguments: *Ts
) -> AsyncIterator[None]:
    """Run it for as long as the `async with` lasts. An exception comes out as it is, in no group."""
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run, *arguments)
            yield
            tasks.cancel_scope.cancel()
    except BaseExceptionGroup as group:
        raise _only(group) from None


def _only(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup) and len(group.exceptions) == 1:
        group = group.exceptions[0]
    return group
