"""What a gateway tells by webhook, once it was verified, and why one is not believed."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.ids import PaymentId
from core.money import Money
from payments.outcome import Outcome


@dataclass(frozen=True, slots=True)
class ChargeNews:
    """A charge came to `outcome`; `payment` is our reference, None when the charge does not carry one."""

    payment: PaymentId | None
    ref: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class RefundNews:
    """A refund came to `outcome`. `charge_ref` is the charge's; `refund` our reference of it, or empty."""

    charge_ref: str
    ref: str
    amount: Money
    outcome: Outcome
    refund: str = ""


class Stage(Enum):
    """How far a dispute is."""

    OPENED = "opened"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class DisputeNews:
    """The cardholder disputes a charge before the bank; `due_by` is until when evidence is taken."""

    charge_ref: str
    ref: str
    stage: Stage
    amount: Money
    reason: str = ""
    due_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class OtherNews:
    """Something that moves no money of ours; `kind` is the vendor's word for it."""

    kind: str


News = ChargeNews | RefundNews | DisputeNews | OtherNews


@dataclass(frozen=True, slots=True)
class Notice:
    """A webhook that is surely the gateway's; `id` is the event's own, the same each time that it is sent."""

    gateway: str
    id: str
    at: datetime
    news: News


class Distrust(Enum):
    """Why a webhook is not believed."""

    NO_SIGNATURE = "no_signature"
    WRONG_SIGNATURE = "wrong_signature"
    TOO_OLD = "too_old"  # or too far ahead: sent, or sent again, more than TOLERANCE_S from now
    MALFORMED = "malformed"  # signed, and yet not what the vendor documents


@dataclass(frozen=True, slots=True)
class Distrusted:
    """A webhook that changes nothing; `why` is for a log and carries nothing of the body."""

    reason: Distrust
    why: str = ""


TOLERANCE_S = 300.0
"""How far the time that is signed with a webhook may be from now, either way."""
