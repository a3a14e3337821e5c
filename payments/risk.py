"""How risky a purchase is: the question that the Desk asks, and the verdict with its reasons."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from payments.card import CardEntry
from payments.purchase import Purchase
from payments.route import Happened


class Decision(Enum):
    """What is done with a purchase."""

    ALLOW = "allow"
    CHALLENGE = "challenge"  # the payer must give a one-time code first
    REVIEW = "review"  # a person decides; nothing is charged until then
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with its reasons in words; `score` from 0 (surely good) to 1. Written with the attempt.

    `model` names what scored, with its version.
    """

    decision: Decision
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    model: str = "none"


class Fraud(Protocol):
    """Scores purchases."""

    def fingerprint(self, card: CardEntry) -> str:
        """The keyed HMAC of a card's number, from the buffer itself: the same for the same card."""
        ...

    async def score(self, purchase: Purchase) -> Verdict:
        """Decide about a purchase. Raises StoreLost when what it must know cannot be read."""
        ...

    def note(self, answer: Happened) -> None:
        """Learn from an answer; returns at once, and never raises: the payer is waiting."""
        ...


class AllowAll:
    """Lets everything pass: for lines that leave fraud to their gateway, and for tests."""

    def fingerprint(self, card: CardEntry) -> str:
        """Nothing: cards are not told apart."""
        return ""

    async def score(self, purchase: Purchase) -> Verdict:
        """Allow."""
        return Verdict(Decision.ALLOW)

    def note(self, answer: Happened) -> None:
        """There is nothing to learn."""
