"""A wall between a caller who keys a card in and the others: speech passes both ways, keypad tones do not."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

import anyio

from core.audio import Audio, frame_bytes
from core.errors import SwitchLost
from pbx.ari.door import MediaDoor
from pbx.ari.leg import Leg
from pbx.ari.socket import Socket
from pbx.media.mask import RATE_HZ, ToneMask
from pbx.media.websocket import MediaProtocol

_FORMAT: Final = "slin"  # 8 kHz, as telephones speak
_MOST_AHEAD_S: Final = 0.1  # of sound that waits in Asterisk: what a stutter piled up is left out

Change = Callable[[Audio], Audio]


class Wall:
    """Two media channels of ours, back to back: `booth` stands with the caller, `room` with everybody else.

    What comes to one leaves by the other: from the caller through a ToneMask, to the caller as it is.
    """

    def __init__(self, door: MediaDoor, app: str, name: str) -> None:
        self._door = door
        self.bridge = f"{app}-{name}"  # where the caller and `booth` are, and nobody else
        self.booth = _Side(f"{name}-booth", ToneMask().pass_on)
        self.room = _Side(f"{name}-room", _as_it_is)
        self.booth.other, self.room.other = self.room, self.booth

    async def open(self) -> None:
        """Have both channels; raises SwitchLost when Asterisk does not bring them."""
        for side in (self.booth, self.room):
            await self._door.bring(side, _FORMAT)

    async def close(self) -> None:
        """Take both away."""
        for side in (self.booth, self.room):
            side.closed = True
            await self._door.see_off(side)


class _Side:
    """One channel of the wall. What it hears it changes, and hands to the other."""

    def __init__(self, channel: str, change: Change) -> None:
        self.leg = Leg(channel)
        self.connected = anyio.Event()
        self.other: _Side
        self.closed = False
        self._change = change
        self._protocol = MediaProtocol(RATE_HZ)
        self._rest = b""
        self._socket: Socket | None = None
        self._quiet_at = 0.0

    async def listen(self, socket: Socket) -> None:
        """Read until either side closes; then the others hear nothing more, which is safe."""
        self._socket = socket
        self.connected.set()
        with suppress(SwitchLost):
            while not self.closed:
                heard = self._protocol.hear(await socket.receive())
                if isinstance(heard, Audio):
                    for frame in self._frames(heard):
                        await self.other.say(self._change(frame))
        self.closed = True

    async def say(self, frame: Audio) -> None:
        """Play 20 ms; left out when too much waits already, or nobody is there to hear it."""
        now = anyio.current_time()
        if self._socket is None or self.closed or self._quiet_at - now > _MOST_AHEAD_S:
            return
        self._quiet_at = max(self._quiet_at, now) + frame.seconds
        with suppress(SwitchLost):
            await self._socket.send(frame.pcm)

    def _frames(self, audio: Audio) -> Iterator[Audio]:
        """Whole frames of 20 ms, whatever the telephone's packets hold."""
        size = frame_bytes(RATE_HZ)
        self._rest += audio.pcm
        while len(self._rest) >= size:
            yield Audio(self._rest[:size], RATE_HZ)
            self._rest = self._rest[size:]


def _as_it_is(frame: Audio) -> Audio:
    return frame
