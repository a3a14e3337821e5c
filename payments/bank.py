"""A bank account in the United States, as far as its numbers have a shape."""

from typing import Final

ROUTING_DIGITS: Final = 9  # ABA Policy Statement on Routing Numbers
ACCOUNT_DIGITS: Final = 17  # Nacha Operating Rules, DFI account number
SHORTEST_ACCOUNT: Final = 4
