"""The sound of a call, both ways, over a WebSocket that Asterisk opens to us."""

from collections.abc import Callable
from itertools import count

import anyio
import structlog

from core.audio import FRAME_MS, Audio, silence
from core.errors import CallGone, SwitchLost
from pbx.ari.door import MediaDoor
from pbx.ari.leg import Leg
from pbx.ari.room import Room
from pbx.ari.socket import Socket
from pbx.media.incoming import Incoming
from pbx.media.websocket import MarkReached, MediaProtocol, SendLess, SendMore

RATE_HZ = 16_000
_FRAME_S = FRAME_MS / 1000
_KEPT_FRAMES = 250  # 5 s that nobody fetched
_AHEAD_S = 16.0  # 800 frames: Asterisk drops what goes beyond 1000, and says so too late for a long blob
_SILENT_S = 1.0
_DRAIN_SPARE_S = 2.0

log = structlog.get_logger(__name__)


class AriMedia:
    """Frames of 20 ms at 16 kHz. Asterisk paces what we send; `flush` silences it within a frame."""

    rate_hz = RATE_HZ

    def __init__(
        self, door: MediaDoor, call: Leg, room: Room, channel: str, deaf: Callable[[], bool]
    ) -> None:
        self.leg = Leg(channel)
        self.connected = anyio.Event()
        self._door, self._call, self._room, self._deaf = door, call, room, deaf
        self._protocol = MediaProtocol(RATE_HZ)
        self._socket: Socket | None = None
        self._closed = anyio.Event()
        self._frames = Incoming(RATE_HZ, _KEPT_FRAMES)
        self._changed = anyio.Event()
        self._may_send = True
        self._readmitted = False
        self._quiet_at = 0.0
        self._marks: dict[str, anyio.Event] = {}
        self._mark_names = count(1)

    async def receive(self) -> Audio:
        """The next 20 ms from the caller; silence while they are deafened, or send none."""
        self._refuse_when_closed()
        frame = await self._frames.popleft()
        self._refuse_when_closed()
        if self._frames.silent_s >= _SILENT_S and not self._readmitted and not self._deaf():
            await self._mend()
        return frame

    async def send(self, audio: Audio) -> None:
        """Queue sound for the caller; waits while Asterisk has 16 s of it."""
        for message in self._protocol.sound(audio):
            await self._room_in_queue()
            await self._say(message)
            seconds = len(message) / (2 * RATE_HZ)
            self._quiet_at = max(self._quiet_at, anyio.current_time()) + seconds

    async def flush(self) -> None:
        """Silence what is queued, at once."""
        await self._say(self._protocol.flush())
        self._quiet_at = anyio.current_time()
        self._may_send = True
        for mark in self._marks.values():
            mark.set()
        self._tell()

    async def drained(self) -> None:
        """Wait until all that was sent has been played (or flushed)."""
        for message in self._protocol.last_sound():
            await self._say(message)
        name, reached = f"m{next(self._mark_names)}", anyio.Event()
        self._marks[name] = reached
        try:
            await self._say(self._protocol.mark(name))
            with anyio.move_on_after(max(self._quiet_at - anyio.current_time(), 0) + _DRAIN_SPARE_S):
                await reached.wait()
        finally:
            del self._marks[name]
        self._refuse_when_closed()

    async def open(self) -> None:
        """Have Asterisk make the channel, connect it to us, and put it beside the caller."""
        await self._door.bring(self, "slin16")
        await self._room.enter(self.leg.channel)

    async def close(self) -> None:
        """Take the channel away; the call stays up."""
        self._closed.set()
        self._tell()
        await self._room.leave(self.leg.channel)
        await self._door.see_off(self)

    async def listen(self, socket: Socket) -> None:
        """Read from the socket that Asterisk opened until either side closes it."""
        self._socket = socket
        self.connected.set()
        try:
            while not self._closed.is_set():
                self._hear(await socket.receive())
        except SwitchLost:
            self._closed.set()
            self._tell()

    def _hear(self, message: str | bytes) -> None:
        match self._protocol.hear(message):
            case Audio() as frame:
                self._frames.append(silence(frame.seconds, RATE_HZ) if self._deaf() else frame)
            case MarkReached(mark=name):
                if name in self._marks:
                    self._marks[name].set()
            case SendLess():
                self._may_send = False
            case SendMore():
                self._may_send = True
            case _:
                return
        self._tell()

    async def _say(self, message: str | bytes) -> None:
        self._refuse_when_closed()
        if self._socket is None:
            raise SwitchLost(f"the sound of {self.leg.channel} is not connected")
        await self._socket.send(message)

    async def _room_in_queue(self) -> None:
        while (ahead_s := self._quiet_at - anyio.current_time()) > _AHEAD_S or not self._may_send:
            self._refuse_when_closed()
            await self._change_within(max(ahead_s - _AHEAD_S, _FRAME_S))

    async def _mend(self) -> None:
        """Once, a channel that brings nothing is taken out of the bridge and put back."""
        self._readmitted = True
        log.warning("no sound comes from the caller; the channel is added again", channel=self.leg.channel)
        await self._room.readmit(self.leg.channel)

    async def _change_within(self, seconds: float) -> bool:
        changed = self._changed
        with anyio.move_on_after(seconds):
            await changed.wait()
        return changed.is_set()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    def _refuse_when_closed(self) -> None:
        self._call.refuse_when_over()
        if self._closed.is_set():
            raise CallGone(f"the sound of {self.leg.channel} is closed")
