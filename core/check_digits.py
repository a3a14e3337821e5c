"""Check digits of numbers that people key in or say.

They look at ASCII digits where they lie: a card's in its locked buffer, a text's as `text.encode()`.
"""

from typing import Final

_ZERO: Final = ord("0")
_ROUTING_DIGITS: Final = 9  # ABA Policy Statement on Routing Numbers
_WEIGHTS: Final = (3, 7, 1)


def luhn(digits: memoryview | bytes) -> bool:
    """ISO/IEC 7812-1 annex B: cards, and many account numbers."""
    total = 0
    for place in range(len(digits)):
        value = digits[-1 - place] - _ZERO
        if place % 2:
            value = 2 * value - 9 * (value > 4)
        total += value
    return total % 10 == 0


def aba(digits: memoryview | bytes) -> bool:
    """A routing number of the American Bankers Association: nine digits, not all 0, weighed 3, 7, 1."""
    if len(digits) != _ROUTING_DIGITS:
        return False
    total = sum((digits[place] - _ZERO) * _WEIGHTS[place % 3] for place in range(_ROUTING_DIGITS))
    return total > 0 and total % 10 == 0
