"""What sends messages: one protocol a channel, and what may come of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable

from messages.message import Mail, MessageState, Text


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side took it; `refs` are its names for the parts, by which it tells of their delivery."""

    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """It was not taken, and why; `again` when later may be better."""

    why: str
    again: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider tells afterwards of what it took as `ref`: DELIVERED or FAILED."""

    sender: str
    ref: str
    state: MessageState
    why: str = ""


class Heard(Enum):
    """What a provider told that is no report."""

    NOTHING = "nothing"  # it is still on its way, or something that we do not ask for
    NOT_BELIEVED = "not believed"  # no signature or secret of ours


Reports = Callable[[Report], Awaitable[bool]]
"""Takes reports; False for one about nothing that is known."""


class MailSender(Protocol):
    """Sends mail. `keeps` says that it only lays it aside, to be looked at."""

    @property
    def name(self) -> str:
        """Its name in lists and reports."""
        ...

    @property
    def keeps(self) -> bool:
        """Whether messages are kept here instead of going out."""
        ...

    async def send_mail(self, mail: Mail, *, key: str) -> Accepted | TurnedDown:
        """Send once. `key` is the same when it is tried again. Raises OutOfReach."""
        ...


class TextSender(Protocol):
    """Sends text messages; otherwise as MailSender."""

    @property
    def name(self) -> str:
        """Its name in lists and reports."""
        ...

    @property
    def keeps(self) -> bool:
        """Whether messages are kept here instead of going out."""
        ...

    async def send_text(self, text: Text, *, key: str) -> Accepted | TurnedDown:
        """Send once. `key` is the same when it is tried again. Raises OutOfReach."""
        ...


@runtime_checkable
class Listens(Protocol):
    """A sender whose provider posts reports to us over HTTP."""

    def heard(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Report | Heard:
        """What a post says, when it comes from the provider."""
        ...


@dataclass(frozen=True, slots=True)
class Senders:
    """By whom each channel goes."""

    mail: MailSender
    text: TextSender
