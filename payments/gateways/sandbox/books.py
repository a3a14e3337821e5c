"""What the bogus gateway has on its books, so that a test can see whether money moved, and how often."""

from dataclasses import dataclass, field

from core.ids import PaymentId
from core.money import Money
from payments.outcome import Outcome


@dataclass(slots=True)
class Entry:
    """One order that reached the gateway; `taken_minor` and `returned_minor` are in the amount's currency."""

    ref: str
    payment: PaymentId
    amount: Money
    outcome: Outcome
    taken_minor: int = 0
    returned_minor: int = 0
    voided: bool = False


@dataclass(slots=True)
class Books:
    """All entries, by the gateway's reference; the gateways of two nodes may share one, as a vendor."""

    entries: dict[str, Entry] = field(default_factory=dict)
    answers: dict[str, tuple[object, Outcome]] = field(default_factory=dict)  # by idempotency key
    refunds: dict[str, tuple[str, Money]] = field(default_factory=dict)  # by ref, of which charge, how much
    cards: dict[str, int] = field(default_factory=dict)  # by token, the place in the table of bogus cards

    def of(self, payment: PaymentId) -> list[Entry]:
        """Every order for a payment: more than one would be a mistake of ours."""
        return [entry for entry in self.entries.values() if entry.payment == payment]

    @property
    def charged(self) -> list[Entry]:
        """The orders that took money."""
        return [entry for entry in self.entries.values() if entry.taken_minor]
