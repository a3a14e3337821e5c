"""From findings to a verdict: limits on velocities, lists, the model, the anomaly; the gravest counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from payments.fraud.keys import Kind
from payments.fraud.sightings import NOTHING, Velocities
from payments.purchase import Purchase
from payments.risk import Decision, Verdict

_GRAVITY: Final = {
    Decision.ALLOW: 0,
    Decision.CHALLENGE: 1,
    Decision.REVIEW: 2,
    Decision.REFUSE: 3,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where on what is done. Scores and percentiles are in their own units; counts are of purchases.

    A challenge asks for a one-time code. What is above `review_above_minor` a person looks at (0: never).
    """

    challenge_score: float = 0.4
    review_score: float = 0.75
    refuse_score: float = 0.97
    unusual_percentile: float = 100.0
    card_in_10_minutes: int = 4
    caller_in_a_day: int = 12
    cards_of_a_caller: int = 4
    accounts_of_a_card: int = 4
    declines_of_a_card: int = 4
    declines_of_an_account: int = 8
    review_above_minor: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found, and what would be done if it were all."""

    decision: Decision
    reason: str


def limits_passed(purchase: Purchase, seen: Velocities, bounds: Bounds) -> Iterator[Finding]:
    """Velocities above their bounds, this purchase counted in; an amount that a person must see."""
    card, caller, account = (seen.get(kind, NOTHING) for kind in (Kind.CARD, Kind.CALLER, Kind.ACCOUNT))
    table = (
        (Decision.REFUSE, card.declines_day, bounds.declines_of_a_card, "refusals of this card in a day"),
        (
            Decision.REVIEW,
            card.partners_day,
            bounds.accounts_of_a_card,
            "accounts paid with this card in a day",
        ),
        (
            Decision.REVIEW,
            account.declines_day,
            bounds.declines_of_an_account,
            "refusals for this account in a day",
        ),
        (Decision.REVIEW, caller.partners_day, bounds.cards_of_a_caller, "cards of this caller in a day"),
        (Decision.CHALLENGE, 1 + card.short, bounds.card_in_10_minutes, "uses of this card in ten minutes"),
        (Decision.CHALLENGE, 1 + caller.day, bounds.caller_in_a_day, "payments by this caller in a day"),
    )
    for decision, found, bound, what in table:
        if found >= bound:
            yield Finding(decision, f"{found} {what}")
    if 0 < bounds.review_above_minor < purchase.amount.minor:
        yield Finding(Decision.REVIEW, f"{purchase.amount} is an amount that a person looks at")


def model_says(score: float, unusual: float, bounds: Bounds) -> Iterator[Finding]:
    """What the trained model and the anomaly score would do."""
    steps = (
        (bounds.refuse_score, Decision.REFUSE),
        (bounds.review_score, Decision.REVIEW),
        (bounds.challenge_score, Decision.CHALLENGE),
    )
    for bound, decision in steps:
        if score >= bound:
            yield Finding(decision, f"the model gives {score:.2f}")
            break
    if unusual >= bounds.unusual_percentile:
        yield Finding(Decision.CHALLENGE, "unlike any purchase in training")


def judged(purchase: Purchase, findings: Iterable[Finding], score: float, model: str) -> Verdict:
    """The gravest finding decides; every finding is a reason.

    Who has given the one-time code is not asked again. Who cannot be sent one (no number), or is not
    asked for it (on a page, or by an application), is a person's case.
    """
    found = list(findings)
    gravest = max((one.decision for one in found), key=_GRAVITY.__getitem__, default=Decision.ALLOW)
    reasons = [one.reason for one in found]
    if gravest is Decision.CHALLENGE and purchase.challenged:
        gravest = Decision.ALLOW
        reasons.append("the one-time code was given")
    elif gravest is Decision.CHALLENGE and not purchase.asks_code:
        gravest = Decision.REVIEW
        reasons.append("nobody asks for a one-time code here")
    elif gravest is Decision.CHALLENGE and not purchase.caller:
        gravest = Decision.REVIEW
        reasons.append("no number that a one-time code could be sent to")
    return Verdict(gravest, score, tuple(reasons), model)
