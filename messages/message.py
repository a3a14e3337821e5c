"""A message in words, ready to be sent, and how far one can be."""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NewType

from core.errors import BadInput

MessageId = NewType("MessageId", str)

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


class Channel(Enum):
    """By what it goes."""

    EMAIL = "email"
    SMS = "sms"


class MessageState(Enum):
    """How far a message is."""

    QUEUED = "queued"
    SENT = "sent"  # the mail server or the provider took it
    DELIVERED = "delivered"  # the provider says that the telephone has it
    FAILED = "failed"  # given up, or it never arrived; may be sent again


@dataclass(frozen=True, slots=True)
class Mail:
    """Electronic mail, in both forms."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A text message to a number (E.164)."""

    to: str = field(repr=False)
    text: str = field(repr=False)


def channel_of(to: str) -> Channel:
    """The channel that an address belongs to. Raises BadInput, which does not repeat the address."""
    if _E164.fullmatch(to):
        return Channel.SMS
    if _ADDRESS.fullmatch(to):
        return Channel.EMAIL
    raise BadInput("a message goes to a telephone number like +15550100 or a mail address: it is neither")
