"""A telephone in the caller's hand: all that a rehearsal needs of a SIP client."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.errors import OutOfReach
from rehearsal.heard import Received
from rehearsal.script import Rhythm


class PhoneBroken(OutOfReach):
    """The SIP client does not start, or died; the message ends with its last words."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The line picked up, `setup_s` after dialing."""

    setup_s: float


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """The line did not pick up: `reason` is the SIP answer (`486 Busy Here`), or what went wrong."""

    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The call is over; `by_line` when the line ended it, `reason` in the client's words."""

    by_line: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Packets:
    """What the network did to the sound, counted by the client (RFC 3550 6.4.1)."""

    received: int
    lost: int
    jitter_ms: float


class Phone(Protocol):
    """One telephone, one call. Raises PhoneBroken when the client itself fails."""

    async def dial(self, number: str, within_s: float) -> Answered | NotAnswered:
        """Dial and wait for the answer."""
        ...

    async def press(self, keys: str, rhythm: Rhythm) -> None:
        """Press keys; returns when the last has gone out. Keys pressed after the call's end go nowhere."""
        ...

    async def speak(self, recording: Path) -> None:
        """Play a recording to the line; returns when it has been spoken."""
        ...

    async def transfer(self, to: str) -> None:
        """Press the transfer key and dial: whoever is on the line shall be sent on to `to` (SIP REFER)."""
        ...

    async def hang_up(self) -> None:
        """End the call. Ending it twice does nothing."""
        ...

    async def closed(self) -> Closed:
        """Wait for the call's end."""
        ...

    @property
    def received(self) -> Received:
        """What it received so far; its scale begins with the answer."""
        ...

    def packets(self) -> Packets | None:
        """The client's count, once the call is over; None where it gives none."""
        ...
