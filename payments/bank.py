"""A bank account in the United States, as its numbers can be checked in place."""

from typing import Final

ROUTING_DIGITS: Final = 9  # ABA Policy Statement on Routing Numbers
ACCOUNT_DIGITS: Final = 17  # Nacha Operating Rules, DFI account number
SHORTEST_ACCOUNT: Final = 4

_WEIGHTS: Final = (3, 7, 1)
_ZERO: Final = ord("0")


def is_routing_number(digits: memoryview) -> bool:
    """Whether nine ASCII digits pass the ABA's check: 3, 7, 1 times each digit, a multiple of ten."""
    if len(digits) != ROUTING_DIGITS:
        return False
    total = sum((digits[place] - _ZERO) * _WEIGHTS[place % 3] for place in range(ROUTING_DIGITS))
    return total > 0 and total % 10 == 0
