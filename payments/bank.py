"""A bank account in the United States: what its numbers look like, and whose it is."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

ROUTING_DIGITS: Final = 9  # ABA Policy Statement on Routing Numbers
ACCOUNT_DIGITS: Final = 17  # Nacha Operating Rules, DFI account number
SHORTEST_ACCOUNT: Final = 4


class AccountType(Enum):
    """Whose bank account it is, and of which kind, as hosted pay verbs have it."""

    CONSUMER_CHECKING = "consumer-checking"
    CONSUMER_SAVINGS = "consumer-savings"
    COMMERCIAL_CHECKING = "commercial-checking"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is debited: `name` stands on the debit (Nacha's individual name); banks do not compare it."""

    name: str
    kind: AccountType = AccountType.CONSUMER_CHECKING
