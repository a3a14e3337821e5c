"""A caller handed to a person: music while it rings, a word to the person first, then both talk."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import anyio

from core.errors import CallGone
from pbx.call import Call, NotReached
from pbx.cause import Cause
from pbx.switch import Dial

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

        When the caller hangs up (this is cancelled), so does the line on the other party.
        """
        async with _on_hold(call):
            dial = Dial(to, caller=call.caller.number, timeout_s=self._ring_s, about=call.id)
            other = await self._originate(dial)
            if isinstance(other, NotReached):
                return other
        talked = False
        async with _hung_up(other):
            with suppress(CallGone):  # the other party left; had it been the caller, this would be cancelled
                if whisper is not None:
                    await whisper(other)
                async with call.joined(other):
                    talked = True
                    joined(to)
                    await other.ended()
        return Connected(to) if talked else NotReached(to, Cause.NORMAL)


@asynccontextmanager
async def _on_hold(call: Call) -> AsyncIterator[None]:
    await call.hold()
    try:
        yield
    finally:
        shielded = anyio.CancelScope(shield=True, deadline=anyio.current_time() + _HANG_UP_S)
        with shielded, suppress(CallGone):  # the caller may have left while it rang
            await call.unhold()


@asynccontextmanager
async def _hung_up(call: Call) -> AsyncIterator[None]:
    try:
        yield
    finally:
        with anyio.CancelScope(shield=True), anyio.move_on_after(_HANG_UP_S):
            await call.hang_up()
