"""Check digits: which of the numbers that may have been said can be one at all."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: the check of cards and of many account numbers."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return bool(digits) and sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def mod97(digits: str) -> bool:
    """ISO 7064 MOD 97-10: two check digits at the end."""
    return bool(digits) and int(digits) % 97 == 1


def aba(digits: str) -> bool:
    """A routing number of the American Bankers Association: nine digits, weighed 3, 7, 1."""
    return (
        len(digits) == 9
        and sum(int(digit) * (3, 7, 1)[place % 3] for place, digit in enumerate(digits)) % 10 == 0
    )


Check = Callable[[str], bool]
"""Whether digits can be a number of a kind; `bool` where any can."""

CHECKS: Mapping[str, Check] = MappingProxyType({"none": bool, "luhn": luhn, "mod97": mod97, "aba": aba})


def first_valid(heard: Sequence[str], check: Callable[[str], bool]) -> str | None:
    """The likeliest of the alternatives that passes; None when none does."""
    return next((digits for digits in heard if check(digits)), None)
