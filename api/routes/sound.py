"""The sound of calls: a supervisor's ear on one that is up, and recordings of those that were."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import anyio
from aiohttp import web
from pydantic import BaseModel

from api.problem import NoSuch
from api.route import Asked, Route, Table
from api.routes.acts import up
from api.scopes import Scope
from api.services import Recordings
from core.clock import Clock
from core.errors import CallGone
from core.ids import CallId
from ivr.hand import Hand
from tts.wav import wav_head

_FOR: Final = timedelta(seconds=60)
_MOST: Final = 1000
_SEND_S: Final = 5.0


class Ear(BaseModel):
    """Where the call is heard: audio/wav that goes on until the call ends. It is opened once, until then."""

    url: str
    until: datetime


@dataclass(slots=True)
class SoundRoom:
    """What these routes work with; a ticket is for whoever asked for it, and nobody guesses one."""

    hand: Hand
    recordings: Recordings
    clock: Clock
    tickets: dict[str, tuple[CallId, datetime]] = field(default_factory=dict)


def routes(room: SoundRoom) -> Table:
    """`/v1/calls/{id}/listen`, `/v1/calls/{id}/listen/{ticket}` and `/v1/calls/{id}/recording`."""

    async def ticket(asked: Asked[None, None]) -> Ear:
        call, name = up(room.hand, asked.part("id")), secrets.token_urlsafe(24)
        until = room.clock.now() + _FOR
        room.tickets[name] = (call, until)
        while len(room.tickets) > _MOST:
            del room.tickets[next(iter(room.tickets))]
        return Ear(url=f"/v1/calls/{call}/listen/{name}", until=until)

    async def listen(asked: Asked[None, None]) -> web.StreamResponse:
        call, until = room.tickets.pop(asked.part("ticket"), (CallId(""), room.clock.now()))
        if call != asked.part("id") or until <= room.clock.now():
            raise NoSuch("ticket to listen with", asked.part("ticket"))
        return await _heard(room.hand, call, asked.request)

    async def recording(asked: Asked[None, None]) -> web.StreamResponse:
        file = room.recordings.find(CallId(asked.part("id")))
        if file is None:
            raise NoSuch("recording of call", asked.part("id"))
        return web.FileResponse(file, headers={"Content-Type": "audio/wav", "Cache-Control": "no-store"})

    act, read = Scope.CALLS_ACT, Scope.CALLS_READ
    return [
        Route(
            "POST",
            "/v1/calls/{id}/listen",
            ticket,
            act,
            "Listen to a call, unnoticed",
            answer=Ear,
            status=201,
            replays=False,
            at_call="id",
        ),
        Route(
            "GET",
            "/v1/calls/{id}/listen/{ticket}",
            listen,
            read,
            "What is said on it, as it is said",
            media="audio/wav",
            sensitive=True,
            at_call="id",
        ),
        Route(
            "GET",
            "/v1/calls/{id}/recording",
            recording,
            read,
            "Its recording; Range is honoured",
            media="audio/wav",
            sensitive=True,
            at_call="id",
            is_here=lambda call: room.recordings.find(CallId(call)) is not None,
        ),
    ]


async def _heard(hand: Hand, call: CallId, request: web.Request) -> web.StreamResponse:
    """Frames as they come, as a WAV without an end; a listener who does not read is let go."""
    async with hand.listen(call) as ear:
        response = web.StreamResponse(headers={"Content-Type": "audio/wav", "Cache-Control": "no-store"})
        await response.prepare(request)
        await response.write(wav_head(ear.rate_hz))
        try:
            while True:
                frame = await ear.receive()
                with anyio.fail_after(_SEND_S):
                    await response.write(frame.pcm)
        except (CallGone, ConnectionResetError, TimeoutError):
            return response
