"""Facts as they happen, by topic, over a WebSocket: `GET /v1/live`.

The client sends `{"topics": ["calls", "call:ID"], "since": SEQ}`, at first and whenever it wants others. It
is told what was kept after that number (nothing without one), `{"kind": "caught_up", "seq": N}`, and then
each new fact once. Who comes back with the last number that it saw misses nothing.
"""

from typing import Final

import anyio
from aiohttp import web
from pydantic import BaseModel, Field

from api.beats import Beats
from api.body import checked_json
from api.broadcast import Broadcast
from api.hub import Hub, framed, told, wanted
from api.route import Asked, Route, Table
from api.schemas import Event
from api.scopes import Scope
from api.services import Services
from api.topics import call_of, check_topics
from api.visit import Visit, let_in
from core.ids import CallId

_BATCH: Final = 500
_DRAIN_S: Final = 5.0


class Wish(BaseModel, extra="forbid"):
    """What a client wants to hear: topics, and after which number; without one, what is new from now on."""

    topics: list[str] = Field(min_length=1, max_length=100)
    since: int | None = Field(None, ge=0, le=2**63 - 1)


def routes(services: Services) -> Table:
    """`/v1/live`."""
    hub, beats = Hub(), Beats()
    services.facts.watch(hub.tell)

    async def live(asked: Asked[None, None]) -> web.WebSocketResponse:
        visit = await let_in(asked.request, hub, beats)
        return await visit.run(lambda: _serve(visit, hub, services.facts))

    return [
        Route(
            "GET",
            "/v1/live",
            live,
            Scope.LIVE_READ,
            "Facts as they happen, by topic: a WebSocket (RFC 6455)",
            answer=Event,
            status=101,
            sensitive=True,
        )
    ]


async def _serve(visit: Visit, hub: Hub, facts: Broadcast) -> None:
    """Each message of the client is a wish."""
    async for text in visit.texts():
        wish = checked_json(Wish, text.encode(), "the wish")
        topics = check_topics(wish.topics)
        visit.listener.wait()
        hub.enter(visit.listener, topics)
        last = hub.newest or await facts.newest()
        if wish.since is not None:
            last = await _tell_kept(visit, facts, wish.since, topics)
        visit.listener.caught_up(last, framed({"kind": "caught_up", "seq": last}))


async def _tell_kept(visit: Visit, facts: Broadcast, since: int, topics: frozenset[str]) -> int:
    """What was kept after a number; the number of the last that was looked at."""
    calls = {call_of(topic) for topic in topics}
    only = CallId(calls.pop()) if len(calls) == 1 and "" not in calls else None
    while kept := await facts.read_after(since, only, _BATCH):
        for recorded in wanted(kept, topics):
            with anyio.fail_after(_DRAIN_S):
                await visit.socket.send_json(told(recorded))
        since = kept[-1].seq
    return since
