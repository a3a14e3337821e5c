"""A rehearsal as it was written: whom to dial, what to do step by step, and what must come of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

_PROMPT_NAME = re.compile(r"[a-z0-9_.-]+")
_NOT_A_WORD = re.compile(r"[^\w]+")


class Dtmf(Enum):
    """How the caller's keys travel: RTP events (RFC 4733), SIP INFO (RFC 6086), or tones in the sound."""

    RFC4733 = "rfc4733"
    INFO = "info"
    INBAND = "inband"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something that the line says: a prompt's name, or words out of its text.

    One lower-case word without blanks (`thank_you`) is a name; anything else is words, compared without
    regard to case and punctuation.
    """

    text: str

    @property
    def is_name(self) -> bool:
        """Whether it is the name of a prompt."""
        return _PROMPT_NAME.fullmatch(self.text) is not None

    def matches(self, prompt: str, text: str) -> bool:
        """Whether a prompt of that name, with that text, is meant."""
        if self.is_name:
            return prompt == self.text
        return f" {_words(self.text)} " in f" {_words(text)} "

    def __str__(self) -> str:
        return self.text if self.is_name else f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Hear:
    """Wait until the line begins to say it, or (`whole`) has said all of it."""

    phrase: Phrase
    within_s: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A key every `every_s` seconds, each held for `held_s`."""

    every_s: float = 0.25
    held_s: float = 0.1


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys (0-9, *, #, A-D), one after another."""

    keys: str = field(repr=False)
    rhythm: Rhythm = Rhythm()


class CardField(Enum):
    """What of a card is keyed in."""

    NUMBER = "card"
    EXPIRY = "expiry"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class PressCard:
    """Key in a field of a card; the timeline shows dots. `keys` is empty for a random card number.

    `then` is pressed afterwards (`#`, say), or is empty.
    """

    part: CardField
    keys: str = field(repr=False)
    then: str = ""
    rhythm: Rhythm = Rhythm()


@dataclass(frozen=True, slots=True)
class Speak:
    """Play a recording to the line."""

    recording: Path


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HangUp:
    """The caller ends the call."""


@dataclass(frozen=True, slots=True)
class ExpectHangUp:
    """Wait until the line ends the call."""

    within_s: float


@dataclass(frozen=True, slots=True)
class ExpectTransfer:
    """Wait until the line hands the call over to that number or person."""

    to: str
    within_s: float


Action = Hear | Press | PressCard | Speak | Wait | HangUp | ExpectHangUp | ExpectTransfer


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and the line of the file where it stands."""

    line: int
    action: Action


@dataclass(frozen=True, slots=True)
class RowsExpected:
    """`count` rows of a table, those `where` ..., must have these values, all compared as text.

    The values `$call` and `$from` stand for the call's id and the caller's number.
    """

    line: int
    table: str
    where: Mapping[str, str]
    columns: Mapping[str, str]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of the call; what is None or empty is not looked at.

    `said` must be said in that order, with anything in between; `first_sound_s` counts from dialing.
    """

    line: int = 0
    outcome: str | None = None
    said: tuple[Phrase, ...] = ()
    not_said: tuple[Phrase, ...] = ()
    first_sound_s: float | None = None
    rows: tuple[RowsExpected, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A rehearsal. An empty `caller` stands for a number that is made up for each call."""

    file: Path
    name: str
    dial: str
    dial_line: int
    steps: tuple[Step, ...]
    caller: str = ""
    caller_name: str = ""
    dtmf: Dtmf = Dtmf.RFC4733
    max_s: float = 120.0
    expected: Expected = Expected()


def _words(text: str) -> str:
    return _NOT_A_WORD.sub(" ", text.casefold()).strip()
