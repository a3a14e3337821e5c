"""A caller handed to a person: music while it rings, a word to the person first, then both talk."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import anyio
import structlog

from core.errors import BadInput, CallGone, Refused
from pbx.call import Call, NotReached, TransferAsked
from pbx.cause import Cause
from pbx.switch import Dial

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

Originate = Callable[[Dial], Awaitable[Call | NotReached]]
Whisper = Callable[[Call], Awaitable[None]]

_HANG_UP_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Connected:
    """Both talked, and the other party has hung up; the caller is still there."""

    to: str


class Handover:
    """Calls somebody in the name of a caller; `ring_s` is how long their phone may ring."""

    def __init__(self, originate: Originate, ring_s: float = 30.0) -> None:
        self._originate = originate
        self._ring_s = ring_s

    async def connect(
        self, call: Call, to: str, whisper: Whisper | None, joined: Callable[[str], None]
    ) -> Connected | NotReached:
        """Ring `to`, join both, and wait until the other hangs up. `joined` is told when they can talk.

        The other may send the caller on to a third one: then it is those two who talk.
        When the caller hangs up (this is cancelled), so does the line on the other party.
        """
        other = await self._ring(call, to)
        if isinstance(other, NotReached):
            return other
        talked = False
        try:
            with suppress(CallGone):  # the other party left; had it been the caller, this would be cancelled
                if whisper is not None:
                    await whisper(other)
                while True:
                    async with call.joined(other):
                        talked = True
                        joined(to)
                        asked = await _asked_or_over(other)
                    if asked is None:
                        break
                    other, to = await self._sent_on(call, other, asked.to, to)
        finally:
            await _hang_up(other)
        return Connected(to) if talked else NotReached(to, Cause.NORMAL)

    async def _ring(self, call: Call, to: str) -> Call | NotReached:
        """Call somebody while the caller hears music."""
        async with _on_hold(call):
            dial = Dial(to, caller=call.caller.number, timeout_s=self._ring_s, about=call.id)
            return await self._originate(dial)

    async def _sent_on(self, call: Call, other: Call, to: str, before: str) -> tuple[Call, str]:
        """Whoever the caller talks with from now on: the third one, or where nobody is reached the same."""
        try:
            third = await self._ring(call, to)
        except BadInput:  # nobody is called so
            third = NotReached(to, Cause.UNREACHABLE)
        with suppress(CallGone, Refused):  # they have hung up already
            await other.answer_transfer(reached=not isinstance(third, NotReached))
        if isinstance(third, NotReached):
            log.info("a transfer reached nobody", to=to)
            return other, before
        await _hang_up(other)
        return third, to


@asynccontextmanager
async def _on_hold(call: Call) -> AsyncIterator[None]:
    await call.hold()
    try:
        yield
    finally:
        shielded = anyio.CancelScope(shield=True, deadline=anyio.current_time() + _HANG_UP_S)
        with shielded, suppress(CallGone):  # the caller may have left while it rang
            await call.unhold()


async def _hang_up(call: Call) -> None:
    with anyio.CancelScope(shield=True), anyio.move_on_after(_HANG_UP_S):
        await call.hang_up()


async def _asked_or_over(other: Call) -> TransferAsked | None:
    """Wait until they ask for a transfer; None when they hang up."""
    asked: TransferAsked | None = None

    async def hear() -> None:
        nonlocal asked
        with suppress(CallGone):
            asked = await other.transfer_asked()
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(hear)
        await other.ended()
        tasks.cancel_scope.cancel()
    return asked
