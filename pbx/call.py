"""One telephone call: all that any switch lets us do with it."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from core.audio import Audio
from core.ids import CallId
from pbx.cause import Cause
from pbx.keys import Keys


class Direction(Enum):
    """Who dialed: the other party (IN) or the line (OUT)."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Party:
    """The other end of a call; `number` is as the network gave it, empty when withheld."""

    number: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class HungUp:
    """How a call ended: the cause, and whether the other party (not we) ended it."""

    cause: Cause
    by_caller: bool


@dataclass(frozen=True, slots=True)
class Transferred:
    """The call went on elsewhere and is no longer ours."""

    to: str


@dataclass(frozen=True, slots=True)
class NotReached:
    """The other party was not reached; the call that asked for it is still up."""

    to: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class TransferAsked:
    """The other party wants whoever they talk with to be sent on to `to`, empty when it names nobody.

    `consulted` when they have talked with them about it.
    """

    to: str
    consulted: bool = False


class Playback(Protocol):
    """Sound that is being played to the caller."""

    async def finished(self) -> bool:
        """Wait until it ends; True when it was heard whole, False when it was stopped."""
        ...

    async def stop(self) -> None:
        """Silence it at once. Stopping what has ended already does nothing."""
        ...


class Recording(Protocol):
    """A recording of the call, both parties mixed."""

    async def pause(self) -> None:
        """Write nothing from now on."""
        ...

    async def resume(self) -> None:
        """Write again."""
        ...

    async def stop(self) -> Path:
        """End it; the file it was written to."""
        ...


class Media(Protocol):
    """The call's sound itself, both ways, 16-bit linear at `rate_hz`. Closing it leaves the call up."""

    @property
    def rate_hz(self) -> int:
        """Samples a second, the same in both directions."""
        ...

    async def receive(self) -> Audio:
        """The next 20 ms from the caller; silence where their telephone sends nothing, or a card is entered.

        Frames that nobody fetches are dropped, oldest first. Raises CallGone when the call ends.
        """
        ...

    async def send(self, audio: Audio) -> None:
        """Queue sound for the caller; waits while the switch has enough. The switch paces it."""
        ...

    async def flush(self) -> None:
        """Silence what is queued, at once."""
        ...

    async def drained(self) -> None:
        """Wait until all that was sent has been played (or flushed)."""
        ...


class Listening(Protocol):
    """An ear on a call, that neither party notices."""

    @property
    def rate_hz(self) -> int:
        """Samples a second."""
        ...

    async def receive(self) -> Audio:
        """The next 20 ms of both parties, mixed; silence while a card is entered.

        Raises CallGone when the call ends.
        """
        ...


class Call(Protocol):
    """A call that is up, or ringing. Every method raises CallGone once it has ended."""

    @property
    def id(self) -> CallId:
        """Ours, not the switch's."""
        ...

    @property
    def caller(self) -> Party:
        """The other party."""
        ...

    @property
    def number(self) -> str:
        """The line's own number: what an incoming call dialed."""
        ...

    @property
    def flow(self) -> str:
        """The flow that the dialplan chose for it; empty where it chose none."""
        ...

    @property
    def language(self) -> str:
        """The language that the number which was dialed speaks (BCP 47); empty where it names none."""
        ...

    @property
    def direction(self) -> Direction:
        """Who dialed."""
        ...

    @property
    def resumed(self) -> bool:
        """Whether it was already up when we found it: an earlier controller went away in mid-call."""
        ...

    @property
    def to_be_recorded(self) -> bool:
        """Whether the number that was dialed wants its calls recorded."""
        ...

    @property
    def keys(self) -> Keys:
        """Every key the caller presses, in order, from the first moment (type-ahead is kept).

        At most 256 wait for whoever follows them; those of a flooding caller beyond are dropped, and logged.
        """
        ...

    async def answer(self) -> None:
        """Pick up. Answering twice does nothing."""
        ...

    async def play(self, sounds: Sequence[Path]) -> Playback:
        """Play sound files one after another, at once; each path is given without its ending.

        The switch picks the best of the formats that lie there (`.ulaw`, `.sln16` ...).
        """
        ...

    def media(self) -> AbstractAsyncContextManager[Media]:
        """Open the call's sound, both ways, for as long as the `async with` lasts."""
        ...

    async def record(self, name: str) -> Recording:
        """Record the whole conversation under a name (letters, digits, `-`, `_`)."""
        ...

    async def send_keys(self, keys: str) -> None:
        """Have the other party hear these keys (0-9, A-D, *, #; at most 32), as tones of 100 ms."""
        ...

    async def hold(self) -> None:
        """Put the caller on hold, with music."""
        ...

    async def unhold(self) -> None:
        """Take the caller back."""
        ...

    def listen(self) -> AbstractAsyncContextManager[Listening]:
        """Listen to both parties for as long as the `async with` lasts."""
        ...

    def deafened(self) -> AbstractAsyncContextManager[None]:
        """While a card is entered: nobody gets the caller's keys but `keys` (PCI DSS 3.3.1).

        Recordings, listeners and media are deaf, on this call and on those joined with it. Parties that are
        joined go on talking; the other one hears the caller without tones. It ends on every way out, and
        all of it comes back. Raises CannotKeepSecret while something else would write the keys down.
        """
        ...

    def joined(self, other: "Call") -> AbstractAsyncContextManager[None]:
        """Let both parties talk for as long as the `async with` lasts; keys still reach `keys`."""
        ...

    async def transfer(self, to: str) -> Transferred | NotReached:
        """Blind transfer to an extension or number; on Transferred the call is no longer ours."""
        ...

    async def transfer_asked(self) -> TransferAsked:
        """Wait until the other party, joined with somebody, asks for a transfer; it is answered next."""
        ...

    async def answer_transfer(self, *, reached: bool) -> None:
        """Tell the other party what came of the transfer that they asked for."""
        ...

    async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        """End the call. Ending it twice does nothing."""
        ...

    async def ended(self) -> HungUp:
        """Wait for the end, whoever brings it about."""
        ...
