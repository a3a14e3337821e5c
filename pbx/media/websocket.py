"""Asterisk's WebSocket media channel without the socket: messages to events, orders to messages.

chan_websocket with `control_message_format = json` (docs.asterisk.org, "WebSocket Channel Driver"): sound
goes in binary messages, everything else in JSON text. Asterisk cuts our sound into frames and paces it.
"""

import json
from dataclasses import dataclass

from core.audio import Audio, frame_bytes

MAX_COMMAND_BYTES = 128  # a longer one is dropped
FRAMES_PER_MESSAGE = 25


@dataclass(frozen=True, slots=True)
class MediaStarted:
    """The channel is up; `frame_bytes` is one frame of its format."""

    channel: str
    format: str
    frame_bytes: int


@dataclass(frozen=True, slots=True)
class MarkReached:
    """All sound that was sent before the mark has been played."""

    mark: str


@dataclass(frozen=True, slots=True)
class SendLess:
    """Asterisk's queue is nearly full (900 frames of 1000)."""


@dataclass(frozen=True, slots=True)
class SendMore:
    """Asterisk's queue has room again (below 800 frames)."""


@dataclass(frozen=True, slots=True)
class Other:
    """Something that needs no answer; keys pressed are among it, and not kept here."""


MediaEvent = Audio | MediaStarted | MarkReached | SendLess | SendMore | Other


class MediaProtocol:
    """One media channel at `rate_hz` (slin16 is 16,000)."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._frame = frame_bytes(rate_hz)
        self._rest = b""

    def hear(self, message: str | bytes) -> MediaEvent:
        """What one message says. Text that is no JSON object is Other."""
        if isinstance(message, bytes):
            return Audio(message, self._rate_hz)
        try:
            said = json.loads(message)
        except ValueError:
            return Other()
        return _event(said) if isinstance(said, dict) else Other()

    def sound(self, audio: Audio) -> list[bytes]:
        """Messages of whole frames, for what does not come in whole frames loses sound; the rest is kept."""
        if audio.rate_hz != self._rate_hz:
            raise ValueError(f"sound at {audio.rate_hz} Hz on a channel of {self._rate_hz} Hz: resample it")
        pcm = self._rest + audio.pcm
        whole = len(pcm) - len(pcm) % self._frame
        self._rest = pcm[whole:]
        step = self._frame * FRAMES_PER_MESSAGE
        return [pcm[at : min(at + step, whole)] for at in range(0, whole, step)]

    def last_sound(self) -> list[bytes]:
        """The rest of the last frame, filled up with silence."""
        rest, self._rest = self._rest, b""
        return [rest.ljust(self._frame, b"\0")] if rest else []

    def flush(self) -> str:
        """Silence what is queued; pending marks are lost without a word."""
        self._rest = b""
        return _command("FLUSH_MEDIA")

    def mark(self, name: str) -> str:
        """Tell us when all that was sent before has been played."""
        return _command("MARK_MEDIA", correlation_id=name)

    def hang_up(self) -> str:
        """End the media channel; the call stays up."""
        return _command("HANGUP")


def _command(name: str, **more: str) -> str:
    text = json.dumps({"command": name, **more}, separators=(",", ":"))
    if len(text) > MAX_COMMAND_BYTES:
        raise ValueError(f"Asterisk drops media commands of over {MAX_COMMAND_BYTES} bytes: {name}")
    return text


def _event(said: dict[str, object]) -> MediaEvent:
    match said.get("event"):
        case "MEDIA_START":
            size = said.get("optimal_frame_size")
            return MediaStarted(
                str(said.get("channel", "")),
                str(said.get("format", "")),
                size if isinstance(size, int) else 0,
            )
        case "MEDIA_MARK_PROCESSED":
            return MarkReached(str(said.get("correlation_id", "")))
        case "MEDIA_XOFF":
            return SendLess()
        case "MEDIA_XON":
            return SendMore()
        case _:
            return Other()
