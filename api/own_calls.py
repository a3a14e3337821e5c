"""What happens on the calls of one telephone, for whoever holds it and has not signed in."""

from collections.abc import AsyncGenerator

from api.broadcast import Broadcast
from core.events import CallEnded, CallStarted, Recorded
from core.ids import CallId


async def calls_of(caller: str, facts: Broadcast) -> AsyncGenerator[Recorded]:
    """The facts of each call that this caller begins from now on; of no other call."""
    own: set[CallId] = set()
    async for recorded in facts.follow():
        match recorded.fact:
            case CallStarted(call=call, caller=who) if who == caller:
                own.add(call)
                yield recorded
            case CallEnded(call=call) if call in own:
                own.discard(call)
                yield recorded
            case fact if fact.call in own:
                yield recorded
