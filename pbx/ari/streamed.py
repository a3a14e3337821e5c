"""Sound files that we send over the call's open sound, because the caller is to be heard meanwhile.

A channel that Asterisk plays a file to gives its bridge nothing until the file ends.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import anyio

from core.audio import Audio
from pbx.ari.media import RATE_HZ, AriMedia

_ENDING: Final = ".sln16"
_AT_ONCE_S: Final = 15.0  # Asterisk holds 16 s; what is beyond is sent while somebody waits for the end


class StreamedPlayback:
    """Made by `stream`."""

    def __init__(self, media: AriMedia, sound: bytes) -> None:
        self._media = media
        self._rest = sound
        self._stopped = False

    async def begin(self) -> None:
        """Send the first of it."""
        await self._send(round(_AT_ONCE_S * RATE_HZ) * 2)

    async def finished(self) -> bool:
        """Wait until it ends; True when it was heard whole, False when it was stopped."""
        await self._send(len(self._rest))
        if not self._stopped:
            await self._media.drained()
        return not self._stopped

    async def stop(self) -> None:
        """Silence it at once."""
        if not self._stopped:
            self._stopped, self._rest = True, b""
            await self._media.flush()

    async def _send(self, size: int) -> None:
        now, self._rest = self._rest[:size], self._rest[size:]
        if now:
            await self._media.send(Audio(now, RATE_HZ))


async def stream(media: AriMedia, sounds: Sequence[Path]) -> StreamedPlayback | None:
    """Begin to play them; None when not all lie there as 16-bit linear sound at 16 kHz."""
    files = [anyio.Path(f"{sound}{_ENDING}") for sound in sounds]
    try:
        playback = StreamedPlayback(media, b"".join([await file.read_bytes() for file in files]))
    except FileNotFoundError:
        return None
    await playback.begin()
    return playback
