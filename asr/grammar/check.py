"""Check digits: which of the numbers that may have been said can be one at all."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from core import check_digits


def luhn(digits: str) -> bool:
    """The check of cards and of many account numbers."""
    return bool(digits) and check_digits.luhn(digits.encode())


def mod97(digits: str) -> bool:
    """ISO 7064 MOD 97-10: two check digits at the end."""
    return bool(digits) and int(digits) % 97 == 1


def aba(digits: str) -> bool:
    """A routing number of the American Bankers Association."""
    return check_digits.aba(digits.encode())


Check = Callable[[str], bool]
"""Whether digits can be a number of a kind; `bool` where any can."""

CHECKS: Mapping[str, Check] = MappingProxyType({"none": bool, "luhn": luhn, "mod97": mod97, "aba": aba})


def first_valid(heard: Sequence[str], check: Callable[[str], bool]) -> str | None:
    """The likeliest of the alternatives that passes; None when none does."""
    return next((digits for digits in heard if check(digits)), None)
