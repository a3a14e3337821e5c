"""A call between the line and a scripted caller."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from core.audio import Audio
from core.errors import BadInput, CallGone, CannotKeepSecret
from core.ids import CallId, new_call_id
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
from pbx.fake.media import FakeMedia
from pbx.fake.playback import FakeQueue, Seconds
from pbx.fake.recording import FakeRecording
from pbx.keys import Keys, check_keys

if TYPE_CHECKING:
    from pbx.fake.switch import FakeSwitch

_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")


class FakeCall:
    """The line's side of it is `pbx.call.Call`; the caller's side is `pbx.fake.phone.Phone`.

    Tests may look at `answered`, `held`, `deaf`, `recordings`, `partner`, `transferred_to`, `sent_keys`,
    `sounds` (files played, in order), `played` (what was sent to its media) and `heard` (what the party
    that it was joined with said).
    """

    def __init__(
        self,
        switch: FakeSwitch,
        *,
        caller: Party,
        number: str,
        flow: str,
        direction: Direction,
        seconds: Seconds,
        resumed: bool = False,
        to_be_recorded: bool = False,
        language: str = "",
    ) -> None:
        self.id: CallId = new_call_id()
        self.caller, self.number, self.flow = caller, number, flow
        self.direction, self.resumed, self.to_be_recorded = direction, resumed, to_be_recorded
        self.language = language
        self.answered = direction is Direction.OUT or resumed
        self.held = False
        self.sent_keys = ""
        self.deaf = 0
        self.partner: FakeCall | None = None
        self.transferred_to: str | None = None
        self.recordings: list[FakeRecording] = []
        self.sounds = FakeQueue(seconds)
        self.played: list[Audio] = []
        self.sound: FakeMedia | None = None
        self.listeners: list[FakeMedia] = []
        self.heard: list[Audio] = []
        self.picked_up = anyio.Event()
        self._switch = switch
        self._keys = Keys(self.id)
        self.asks: TransferAsked | None = None
        self.asked, self.transfers_answered = anyio.Event(), list[bool]()
        self._hung_up: HungUp | None = None
        self._over = anyio.Event()

    @property
    def keys(self) -> Keys:
        """Every key the caller presses, in order, from the first moment."""
        return self._keys

    async def answer(self) -> None:
        """Pick up. Answering twice does nothing."""
        await self._act()
        self.answered = True
        self.picked_up.set()

    async def play(self, sounds: Sequence[Path]) -> Playback:
        """Play sound files one after another; each lasts as long as the switch's `seconds` says."""
        await self._act()
        return self.sounds.add(tuple(sounds))

    @asynccontextmanager
    async def _media(self) -> AsyncIterator[Media]:
        await self._act()
        for playback in self.sounds.all:
            await playback.finished()  # as Asterisk: nobody is let in beside a caller who is played a file
        self.sound = media = FakeMedia(self.id, self.played)
        try:
            yield media
        finally:
            media.close()
            self.sound = None

    def media(self) -> AbstractAsyncContextManager[Media]:
        """Open the call's sound, both ways."""
        return self._media()

    async def record(self, name: str) -> Recording:
        """Record the conversation; nothing is written to disk."""
        if not _NAME.fullmatch(name):
            raise BadInput(f"{name!r} cannot name a recording: use letters, digits, - and _")
        await self._act()
        recording = FakeRecording(self._switch.recordings / f"{name}.wav", paused=self.is_deaf)
        self.recordings.append(recording)
        return recording

    async def send_keys(self, keys: str) -> None:
        """Have the other party hear these keys; `sent_keys` has them."""
        check_keys(keys)
        await self._act()
        self.sent_keys += keys

    async def hold(self) -> None:
        """Put the caller on hold, with music."""
        await self._act()
        self.held = True

    async def unhold(self) -> None:
        """Take the caller back."""
        await self._act()
        self.held = False

    @asynccontextmanager
    async def _listen(self) -> AsyncIterator[Listening]:
        await self._act()
        listener = FakeMedia(self.id, [])
        self.listeners.append(listener)
        try:
            yield listener
        finally:
            listener.close()
            self.listeners.remove(listener)

    def listen(self) -> AbstractAsyncContextManager[Listening]:
        """Listen to both parties, unheard."""
        return self._listen()

    @asynccontextmanager
    async def _deafened(self) -> AsyncIterator[None]:
        await self._act()
        if found := await self._switch.overheard():
            raise CannotKeepSecret("; ".join(found))
        self.deaf += 1
        self._tell_recordings()
        try:
            yield
        finally:
            self.deaf -= 1
            self._tell_recordings()

    def deafened(self) -> AbstractAsyncContextManager[None]:
        """While a card is entered: nobody gets the caller's keys but `keys`."""
        return self._deafened()

    @asynccontextmanager
    async def _joined(self, other: Call) -> AsyncIterator[None]:
        if not isinstance(other, FakeCall):
            raise TypeError("a fake call is joined with another fake call")
        await self._act()
        await other._act()
        self.partner, other.partner = other, self
        self._tell_recordings()
        try:
            yield
        finally:
            self.partner = other.partner = None
            self._tell_recordings()
            other._tell_recordings()

    def joined(self, other: Call) -> AbstractAsyncContextManager[None]:
        """Let both parties talk for as long as the `async with` lasts."""
        return self._joined(other)

    async def transfer(self, to: str) -> Transferred | NotReached:
        """Blind transfer; who can be reached is set by `FakeSwitch.answers`."""
        await self._act()
        cause = await self._switch.ring(to, until=self._over)
        self._refuse_when_over()
        if cause is not None:
            return NotReached(to, cause)
        self.transferred_to = to
        self.end(HungUp(Cause.NORMAL, by_caller=False))
        return Transferred(to)

    async def transfer_asked(self) -> TransferAsked:
        """Wait until the other party asks for a transfer."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_then_cancel, self._over, tasks.cancel_scope)
            await self.asked.wait()
            tasks.cancel_scope.cancel()
        await self._act()
        self.asked = anyio.Event()
        return self.asks or TransferAsked("")

    async def answer_transfer(self, *, reached: bool) -> None:
        """Keep what they were told in `transfers_answered`."""
        await self._act()
        self.transfers_answered.append(reached)

    async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        """End the call. Ending it twice does nothing."""
        await anyio.lowlevel.checkpoint()
        self.end(HungUp(cause, by_caller=False))

    async def ended(self) -> HungUp:
        """Wait for the end, whoever brings it about."""
        await self._over.wait()
        assert self._hung_up is not None  # noqa: S101 - the event is set after it
        return self._hung_up

    @property
    def hung_up(self) -> HungUp | None:
        """How it ended; None while it is up."""
        return self._hung_up

    @property
    def is_deaf(self) -> bool:
        """Whether a card is being entered on it, or on the call that it is joined with."""
        return self.deaf > 0 or (self.partner is not None and self.partner.deaf > 0)

    def say(self, frame: Audio) -> None:
        """The caller says this, to the party that they are joined with and to the ears that are not deaf."""
        if self.partner is not None:
            self.partner.heard.append(frame)
        if self.is_deaf:
            return
        if self.sound is not None:
            self.sound.spoken(frame)
        both = [*self.listeners, *(self.partner.listeners if self.partner else ())]
        for listener in both:
            listener.spoken(frame)

    def press(self, code: int, held_ms: int) -> None:
        """The caller presses a key."""
        self._keys.press(code, held_ms)

    def end(self, how: HungUp) -> None:
        """It is over, now."""
        if self._hung_up is None:
            self._hung_up = how
            self._keys.close()
            self.sounds.end()
            for open_sound in [*self.listeners, *([self.sound] if self.sound else [])]:
                open_sound.close()
            self._over.set()
            self._switch.forget(self)

    async def _act(self) -> None:
        await anyio.lowlevel.checkpoint()
        self._refuse_when_over()

    def _refuse_when_over(self) -> None:
        if self._hung_up is not None:
            raise CallGone(f"call {self.id} has ended ({self._hung_up.cause.name})")

    def _tell_recordings(self) -> None:
        for call in (self, *([self.partner] if self.partner else [])):
            for recording in call.recordings:
                recording.deafen(call.is_deaf)


async def _then_cancel(over: anyio.Event, scope: anyio.CancelScope) -> None:
    await over.wait()
    scope.cancel()
