"""A call on Asterisk."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from typing import Any

import anyio

from core.errors import BadInput, CallGone
from core.ids import CallId
from pbx.ari import refer
from pbx.ari.guard import Guard
from pbx.ari.leg import Leg
from pbx.ari.listening import AriListening
from pbx.ari.media import AriMedia
from pbx.ari.playback import AriPlayback
from pbx.ari.protocol import Parameter
from pbx.ari.recording import AriRecording
from pbx.ari.rest import Rejected
from pbx.ari.room import Room
from pbx.ari.shared import Shared
from pbx.ari.sounding import Sounding
from pbx.ari.streamed import stream
from pbx.ari.transfer import transfer
from pbx.ari.wall import Wall
from pbx.call import (
    Call,
    Direction,
    HungUp,
    Listening,
    Media,
    NotReached,
    Party,
    Playback,
    Recording,
    TransferAsked,
    Transferred,
)
from pbx.cause import Cause
from pbx.keys import Keys, check_keys

_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_HANG_UP_S, _TONE_MS = 2.0, 100
_PLAYBACKS = 8  # their names go round, so that another controller can stop what this one left playing


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a call from its first moment."""

    id: CallId
    caller: Party
    number: str
    flow: str
    direction: Direction
    resumed: bool
    to_be_recorded: bool = False
    language: str = ""


class AriCall:
    """Every method raises CallGone once the call has ended, SwitchLost while Asterisk is out of reach."""

    def __init__(self, shared: Shared, *, channel: str, facts: Facts) -> None:
        self._rest, self._router, self._site = shared.rest, shared.router, shared.site
        self._door, self._bystanders = shared.door, shared.bystanders
        self._facts = facts
        self._keys = Keys(facts.id)
        self.leg = Leg(channel, self._keys)
        self._room = Room(self._rest, self.leg, facts.id, self._site.app)
        self._guard = Guard(self._ask, self.leg, self._room, self._make_wall)
        self._open_media: AriMedia | None = None
        self._sounding = Sounding(self.leg)
        self._names = count(1)
        self._plays = cycle(range(_PLAYBACKS))

    @property
    def id(self) -> CallId:
        """Ours, not the switch's."""
        return self._facts.id

    @property
    def caller(self) -> Party:
        """The other party."""
        return self._facts.caller

    @property
    def number(self) -> str:
        """The line's own number."""
        return self._facts.number

    @property
    def flow(self) -> str:
        """The flow that the dialplan chose for it."""
        return self._facts.flow

    @property
    def language(self) -> str:
        """The language that its number speaks."""
        return self._facts.language

    @property
    def direction(self) -> Direction:
        """Who dialed."""
        return self._facts.direction

    @property
    def resumed(self) -> bool:
        """Whether it was already up when we found it."""
        return self._facts.resumed

    @property
    def to_be_recorded(self) -> bool:
        """Whether the number that was dialed wants its calls recorded."""
        return self._facts.to_be_recorded

    @property
    def keys(self) -> Keys:
        """Every key the caller presses, in order, from the first moment."""
        return self._keys

    async def answer(self) -> None:
        """Pick up. Answering twice does nothing."""
        await self._ask("POST", "answer")

    async def play(self, sounds: Sequence[Path]) -> Playback:
        """Play sound files, by absolute paths without endings.

        Asterisk reads them itself, but while the call's sound is open we send them: the caller is heard then.
        """
        async with self._sounding.beginning_to_play():
            media = self._open_media if self._room.guests == 1 else None
            if media is not None and (streamed := await stream(media, sounds)) is not None:
                return streamed
            playback = AriPlayback(self._rest, self.leg, _playback(self.leg.channel, next(self._plays)))
            self._router.playbacks[playback.id] = playback
            with self.leg.begins_to_play(playback.id):
                files = [f"sound:{sound.absolute()}" for sound in sounds]
                await self._ask("POST", "play", media=files, playbackId=playback.id)
            return playback

    def media(self) -> AbstractAsyncContextManager[Media]:
        """Open the call's sound, both ways."""
        return self._media()

    async def record(self, name: str) -> Recording:
        """Record both parties to `name.wav`; raises Refused when there is such a recording already."""
        if not _NAME.fullmatch(name):
            raise BadInput(f"{name!r} cannot name a recording: use letters, digits, - and _")
        listener = self._listener("ear")
        recording = AriRecording(self._rest, listener, name, self._site.recordings / f"{name}.wav")
        self._router.recordings[name] = recording
        await self._snoop(listener)
        await self._rest.ask("POST", "channels", listener.channel, "record", name=name, format="wav")
        await listener.wait(recording.started)  # before, Asterisk refuses to pause it
        await self._guard.add(recording)
        return recording

    def listen(self) -> AbstractAsyncContextManager[Listening]:
        """Listen to both parties, unheard."""
        return self._listen()

    async def send_keys(self, keys: str) -> None:
        """Have the other party hear these keys."""
        check_keys(keys)
        await self._ask("POST", "dtmf", dtmf=keys, duration=_TONE_MS, between=_TONE_MS)

    async def hold(self) -> None:
        """Put the caller on hold, with music; whoever they talked with hears nothing."""
        self.leg.refuse_when_over()
        await self._room.step_out()
        await self._ask("POST", "moh")

    async def unhold(self) -> None:
        """Take the caller back."""
        await self._ask("DELETE", "moh")
        await self._room.step_in()

    def deafened(self) -> AbstractAsyncContextManager[None]:
        """While a card is entered: nobody hears the caller's keys but `keys`."""
        return self._deafened()

    def joined(self, other: Call) -> AbstractAsyncContextManager[None]:
        """Let both parties talk."""
        if not isinstance(other, AriCall):
            raise TypeError("calls of two switches cannot be joined")
        return self._joined(other)

    async def transfer(self, to: str) -> Transferred | NotReached:
        """Blind transfer, by the dialplan."""
        self.leg.refuse_when_over()
        async with self._guard.sent_away():
            return await transfer(self._rest, self._site, self.leg, to)

    async def transfer_asked(self) -> TransferAsked:
        """Wait until the other party asks for a transfer."""
        return await refer.asked(self._rest, self.leg)

    async def answer_transfer(self, *, reached: bool) -> None:
        """Tell the other party what came of it."""
        await refer.answer(self._rest, self.leg, reached=reached)

    async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        """End the call. Ending it twice does nothing."""
        if self.leg.how is not None:
            return
        self.leg.end_asked(cause)
        try:
            await self._rest.ask(
                "DELETE", "channels", self.leg.channel, reason_code=int(cause) or int(Cause.NORMAL)
            )
        except CallGone:
            self._router.lose(self.leg.channel)
        with anyio.move_on_after(_HANG_UP_S):
            await self.leg.ended()

    async def ended(self) -> HungUp:
        """Wait for the end, whoever brings it about."""
        return await self.leg.ended()

    async def free(self) -> None:
        """Undo what an earlier controller may have left: muted, on hold, in the middle of a prompt."""
        for place in range(_PLAYBACKS):
            await AriPlayback(self._rest, self.leg, _playback(self.leg.channel, place)).stop()
        await self._ask("DELETE", "mute", direction="in")
        await self._ask("DELETE", "moh")

    @asynccontextmanager
    async def _media(self) -> AsyncIterator[Media]:
        self.leg.refuse_when_over()
        channel = f"{self.id}-voice-{next(self._names)}"
        media = AriMedia(self._door, self.leg, self._room, channel, self._is_deaf)
        try:
            async with self._sounding.opening():
                await media.open()
                self._open_media = media
            yield media
        finally:
            self._open_media = None
            with anyio.CancelScope(shield=True):
                await media.close()

    @asynccontextmanager
    async def _listen(self) -> AsyncIterator[Listening]:
        self.leg.refuse_when_over()
        listener = self._listener("spy")
        name = f"{self.id}-heard-{next(self._names)}"
        room = Room(self._rest, listener, CallId(name), self._site.app)
        media = AriMedia(self._door, self.leg, room, name, self._is_deaf)
        listening = AriListening(self._rest, listener, media)
        try:
            await self._snoop(listener)
            await self._guard.add(listening)
            await media.open()
            yield listening
        finally:
            self._guard.remove(listening)
            with anyio.CancelScope(shield=True):
                await listening.close()

    @asynccontextmanager
    async def _deafened(self) -> AsyncIterator[None]:
        self.leg.refuse_when_over()
        async with self._bystanders.deaf(self.leg.channel), self._guard.entry():
            yield

    @asynccontextmanager
    async def _joined(self, other: "AriCall") -> AsyncIterator[None]:
        self.leg.refuse_when_over()
        other.leg.refuse_when_over()
        for leg in (self.leg, other.leg):
            await refer.listen_for(self._rest, leg)
        async with self._guard.joined(other._guard):
            yield

    def _is_deaf(self) -> bool:
        return self._guard.deaf

    def _make_wall(self) -> Wall:
        return Wall(self._door, self._site.app, f"{self.id}-wall-{next(self._names)}")

    def _listener(self, role: str) -> Leg:
        listener = Leg(f"{self.id}-{role}-{next(self._names)}")
        self._router.legs[listener.channel] = listener
        return listener

    async def _snoop(self, listener: Leg) -> None:
        """Have a channel that hears both parties, wherever the call goes."""
        await self._ask(
            "POST", "snoop", app=self._site.app, spy="both", appArgs="role=ear", snoopId=listener.channel
        )
        await listener.wait(listener.arrived)

    async def _ask(self, method: str, what: str, **parameters: Parameter) -> Any:
        self.leg.refuse_when_over()
        try:
            return await self._rest.ask(method, "channels", self.leg.channel, what, **parameters)
        except CallGone:
            self._router.lose(self.leg.channel)
            raise
        except Rejected as no:
            if self.leg.ending:
                raise CallGone(f"call {self.id} is ending") from no
            raise


def _playback(channel: str, place: int) -> str:
    return f"{channel}-play-{place}"
