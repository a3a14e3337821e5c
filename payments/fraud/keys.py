"""What a purchase is recognized by: keyed HMACs of card, caller, account and address, never the things."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Final

from payments.card import CardEntry
from payments.purchase import Purchase

_FINGERPRINT_HEX: Final = 32  # 128 bits: no two cards of a line share them
_SHORTEST_KEY: Final = 32


class Kind(Enum):
    """Which of the four."""

    CARD = "card"
    CALLER = "caller"
    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the things that a purchase is recognized by; `hash` is an HMAC in 32 hex digits."""

    kind: Kind
    hash: str


class Marker:
    """Makes marks with a managed key of at least 32 bytes.

    Whoever has the key can try all card numbers; whoever has only the marks cannot. With a new key all
    velocities begin anew.
    """

    def __init__(self, key: bytes) -> None:
        """Raises ValueError for a key that is too short."""
        if len(key) < _SHORTEST_KEY:
            raise ValueError(f"the key of fingerprints has {len(key)} bytes, and needs {_SHORTEST_KEY}")
        self._key = key

    def fingerprint(self, card: CardEntry) -> str:
        """The mark of a card's number, hashed from the locked buffer itself."""
        state = hmac.new(self._key, b"card\0", sha256)
        with card.number.view() as digits:
            state.update(digits)
        return state.hexdigest()[:_FINGERPRINT_HEX]

    def mark(self, kind: Kind, value: str) -> Mark:
        """The mark of a thing; for a card its `value` is the fingerprint, which is one already."""
        if kind is Kind.CARD:
            return Mark(kind, value)
        message = f"{kind.value}\0{value}".encode()
        return Mark(kind, hmac.digest(self._key, message, "sha256").hex()[:_FINGERPRINT_HEX])

    def marks(self, purchase: Purchase) -> tuple[Mark, ...]:
        """All that is known of a purchase; what is withheld or unknown has none."""
        return tuple(self.mark(kind, value) for kind, value in _values(purchase) if value)


def _values(purchase: Purchase) -> Iterator[tuple[Kind, str]]:
    yield Kind.CARD, purchase.fingerprint
    yield Kind.CALLER, purchase.caller
    yield Kind.ACCOUNT, purchase.account
    yield Kind.ADDRESS, " ".join(purchase.address.casefold().split())
