"""A key of the telephone, as an object that never shows which key it was."""

from dataclasses import dataclass, field
from typing import Final, NoReturn

KEYS: Final = b"0123456789*#ABCD"
STAR: Final = ord("*")
POUND: Final = ord("#")


@dataclass(frozen=True, slots=True)
class Keypress:
    """One key pressed by the caller (RFC 4733 section 3.2, SIP INFO or an in-band tone).

    `code` is the key's ASCII number (one of KEYS), never a string, and is left out of the repr;
    `at_ms` is when the key was let go, on the switch's own scale; `held_ms` how long it was held.
    """

    code: int = field(repr=False)
    at_ms: int
    held_ms: int = 0

    def __post_init__(self) -> None:
        if self.code not in KEYS:
            raise ValueError("a key is one of 0-9, *, # and A-D")

    @property
    def is_digit(self) -> bool:
        """Whether it is one of 0 to 9."""
        return ord("0") <= self.code <= ord("9")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a keypress is never pickled: it may be a digit of a card")
