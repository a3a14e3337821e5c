"""A telephone that is told what to do over baresip's control port."""

from dataclasses import replace
from pathlib import Path

import anyio
import structlog
from anyio.abc import ByteStream

from core.audio import Audio
from rehearsal.account import HEARD, Call, Line
from rehearsal.control import Counted, Event, Garbled, Message, Messages, Response, command
from rehearsal.heard import Received
from rehearsal.phone import Answered, Closed, NotAnswered, Packets, PhoneBroken
from rehearsal.ports import HOST
from rehearsal.script import Dtmf, Rhythm
from rehearsal.sound import read_recording, write_with_silence
from rehearsal.tones import tones

log = structlog.get_logger(__name__)

WORDS = "words"

_COMMAND_S = 5.0
_POLL_S = 0.05
_REGISTERED = "OK"

# An RTP event lasts at least 180 ms and its end is sent three times, 20 ms apart, however short the key was
_SHORTEST_EVENT_S = 0.18
_EVENT_END_S = 0.08
_KEY_UP = b"\x04"


class Handset:
    """A telephone for one call; made by `rehearsal.baresip`."""

    def __init__(self, control: ByteStream, call: Call, folder: Path, *, longest_s: float) -> None:
        self._control = control
        self._folder, self._call = folder, call
        self._longest_s = longest_s
        self._received = Received(folder / HEARD)
        self._answers: dict[str, tuple[anyio.Event, list[Response]]] = {}
        self._answered, self._over = anyio.Event(), anyio.Event()
        self._ended_by_us = False
        self._reason = ""
        self._broken = ""
        self._packets: Packets | None = None
        self._played = 0

    @property
    def received(self) -> Received:
        """What it received so far; its scale begins with the answer."""
        return self._received

    def packets(self) -> Packets | None:
        """The count that it made every 5 s of the call; None for a shorter call."""
        return self._packets

    async def dial(self, number: str, within_s: float) -> Answered | NotAnswered:
        """Dial and wait for the answer."""
        began = anyio.current_time()
        await self._command("dial", self._dialed_line().uri(number))
        with anyio.move_on_after(within_s):
            await self._first(self._answered, self._over)
        self._check()
        if self._over.is_set():
            return NotAnswered(self._reason or "the call ended before it was answered")
        if not self._answered.is_set():
            await self.hang_up()
            return NotAnswered(f"nobody picked up within {within_s:g} s")
        return Answered(anyio.current_time() - began)

    async def press(self, keys: str, rhythm: Rhythm) -> None:
        """Press keys; returns when the last has gone out."""
        self._check()
        if self._over.is_set():
            return
        match self._call.caller.dtmf:
            case Dtmf.INBAND:
                await self._play(tones(keys, rhythm))
            case Dtmf.INFO:
                for key in keys:
                    await self._key(key)
                    await anyio.sleep(rhythm.every_s)
            case Dtmf.RFC4733:
                await self._press_events(keys, rhythm)

    async def speak(self, recording: Path) -> None:
        """Play a recording to the line; returns when it has been spoken."""
        if not self._over.is_set():
            await self._play(read_recording(recording))

    async def transfer(self, to: str) -> None:
        """Ask that whoever is on the line be sent on to `to` (SIP REFER, RFC 3515)."""
        if not self._over.is_set():
            await self._command("transfer", self._call.line.uri(to))

    async def hang_up(self) -> None:
        """End the call. Ending it twice does nothing."""
        if not self._over.is_set():
            self._ended_by_us = True
            await self._command("hangupall")  # the plain one knows no call that still rings

    async def closed(self) -> Closed:
        """Wait for the call's end."""
        await self._over.wait()
        self._check()
        return Closed(not self._ended_by_us, self._reason)

    async def registered(self, within_s: float = _COMMAND_S) -> None:
        """Wait until the line has taken the registration; PhoneBroken when it does not."""
        told = ""
        with anyio.move_on_after(within_s):
            # the client registers before it can be asked, so its event may be over already
            while _REGISTERED not in (told := await self._command("reginfo")):  # noqa: ASYNC110
                await anyio.sleep(_POLL_S)
            return
        raise PhoneBroken(
            f"the line did not take the registration: {told.strip()}; {last_words(self._folder)}"
        )

    async def listen(self) -> None:
        """Take what the client tells, until it ends; runs beside everything else."""
        messages = Messages()
        try:
            async for data in self._control:
                for message in messages.feed(data):
                    self._take(message)
            self._break("it closed its control port")
        except (anyio.BrokenResourceError, anyio.ClosedResourceError, Garbled) as problem:
            self._break(str(problem) or "its control port broke")

    def _dialed_line(self) -> Line:
        line = self._call.line
        if self._call.caller.dtmf is Dtmf.INBAND:
            return replace(line, host=self._call.host, port=self._call.ports.relay)
        return line

    async def _press_events(self, keys: str, rhythm: Rhythm) -> None:
        async with await anyio.connect_tcp(HOST, self._call.ports.console) as keyboard:
            for key in keys:
                began = anyio.current_time()
                if rhythm.held_s > _SHORTEST_EVENT_S and key.isascii() and not key.isalpha():
                    await keyboard.send(key.encode())
                    await anyio.sleep(rhythm.held_s)
                    await keyboard.send(_KEY_UP)
                else:
                    await self._key(key)
                shortest_s = max(rhythm.held_s, _SHORTEST_EVENT_S) + _EVENT_END_S
                await anyio.sleep_until(began + max(rhythm.every_s, shortest_s))

    async def _key(self, key: str) -> None:
        """One that comes when the call is over goes nowhere, as on any telephone."""
        try:
            await self._command("sndcode", key)
        except PhoneBroken:
            if not self._over.is_set():
                raise

    async def _play(self, audio: Audio) -> None:
        self._played += 1
        name = f"played-{self._played}.wav"
        write_with_silence(self._folder / name, audio, self._longest_s)
        await self._command("ausrc", f"aufile,{name}")
        await anyio.sleep(audio.seconds)

    async def _command(self, name: str, parameters: str = "") -> str:
        self._check()
        token = f"{name}-{len(self._answers)}"
        answered, answer = anyio.Event(), list[Response]()
        self._answers[token] = answered, answer
        try:
            with anyio.fail_after(_COMMAND_S):
                await self._control.send(command(name, parameters, token))
                await answered.wait()
        except (TimeoutError, anyio.BrokenResourceError, anyio.ClosedResourceError) as problem:
            self._check()
            raise PhoneBroken(f"baresip does not answer to {name!r}; {last_words(self._folder)}") from problem
        self._check()
        if not answer[0].ok:
            raise PhoneBroken(
                f"baresip refused {name!r}: {answer[0].text.strip()}; {last_words(self._folder)}"
            )
        return answer[0].text

    def _take(self, message: Message) -> None:
        match message:
            case Response(token=token):
                if token in self._answers:
                    answered, answer = self._answers[token]
                    answer.append(message)
                    answered.set()
            case Counted(received=received, lost=lost, jitter_us=jitter_us):
                self._packets = Packets(received, lost, jitter_us / 1000)
            case Event(type="CALL_ESTABLISHED"):
                self._answered.set()
            case Event(type="CALL_CLOSED", detail=detail):
                self._reason = detail
                self._over.set()
            case Event(type=kind):
                log.debug("telephone event", kind=kind)

    def _break(self, why: str) -> None:
        self._broken = why
        for event, _ in self._answers.values():
            event.set()
        self._answered.set()
        self._over.set()

    def _check(self) -> None:
        if self._broken:
            raise PhoneBroken(f"baresip failed: {self._broken}; {last_words(self._folder)}")

    async def _first(self, *events: anyio.Event) -> None:
        async with anyio.create_task_group() as tasks:
            for event in events:
                tasks.start_soon(self._cancel_after, event, tasks.cancel_scope)

    @staticmethod
    async def _cancel_after(event: anyio.Event, scope: anyio.CancelScope) -> None:
        await event.wait()
        scope.cancel()


def last_words(folder: Path, lines: int = 6) -> str:
    """What the client in that folder printed last, for the message of an error."""
    file = folder / WORDS
    said = file.read_text(errors="replace").splitlines()[-lines:] if file.exists() else []
    return "it said last:\n" + ("\n".join(f"  {line}" for line in said) or "  (nothing)")
