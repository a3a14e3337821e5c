"""Numbers that were heard almost rightly: what they may have been, by their check digit."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

_ALIKE: Final = (
    "59",
    "19",
    "67",
    "23",
    "04",
    "08",
    "15",
    "38",
    "90",
)  # digits that sound alike, or are misread
_MOST: Final = 8


def repaired(heard: Sequence[str], check: Callable[[str], bool]) -> tuple[str, ...]:
    """What passes the check after one slip was taken back, the likeliest first; at most eight.

    A slip is a digit taken for one that sounds alike, one of two equal digits lost (`double four` heard as
    four), one said twice, or two that changed places.
    """
    found = (digits for slips in _SLIPS for said in heard for digits in slips(said) if check(digits))
    return tuple(islice(dict.fromkeys(found), _MOST))


def _alike(digits: str) -> Iterator[str]:
    for place, digit in enumerate(digits):
        for pair in _ALIKE:
            if digit in pair:
                yield digits[:place] + pair.replace(digit, "") + digits[place + 1 :]


def _doubled(digits: str) -> Iterator[str]:
    for place, digit in enumerate(digits):
        yield digits[:place] + digit + digits[place:]


def _single(digits: str) -> Iterator[str]:
    for place in range(1, len(digits)):
        if digits[place] == digits[place - 1]:
            yield digits[:place] + digits[place + 1 :]


def _swapped(digits: str) -> Iterator[str]:
    for place in range(1, len(digits)):
        if digits[place] != digits[place - 1]:
            yield digits[: place - 1] + digits[place] + digits[place - 1] + digits[place + 1 :]


_SLIPS: Final = (_doubled, _single, _alike, _swapped)
