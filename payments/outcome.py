"""What may come of asking a gateway: a closed union, because silence is not a refusal."""

from dataclasses import dataclass
from enum import Enum

from core.money import Money


class DeclineCode(Enum):
    """Why a card was refused, in our words; each gateway maps its own codes to these."""

    INSUFFICIENT_FUNDS = "insufficient_funds"
    EXPIRED_CARD = "expired_card"
    WRONG_NUMBER = "wrong_number"
    WRONG_CODE = "wrong_code"
    WRONG_EXPIRY = "wrong_expiry"
    WRONG_POSTAL_CODE = "wrong_postal_code"
    LOST_OR_STOLEN = "lost_or_stolen"
    DO_NOT_HONOR = "do_not_honor"
    LIMIT_EXCEEDED = "limit_exceeded"
    NOT_SUPPORTED = "not_supported"
    AUTHENTICATION_REQUIRED = "authentication_required"
    SUSPECTED_FRAUD = "suspected_fraud"
    PROCESSING_ERROR = "processing_error"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Approved:
    """The gateway did it; `ref` is its own id of the charge, authorization or refund.

    `captured` is False when the money is reserved and not yet taken. `amount` is what was taken or reserved,
    where the gateway tells; None stands for what was asked.
    """

    ref: str
    captured: bool = True
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """The gateway or the bank said no; nothing was charged. `gateway_code` is their own word for it."""

    code: DeclineCode
    gateway_code: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class RequiresAction:
    """The cardholder must do something elsewhere first, such as open `url`."""

    ref: str
    url: str


@dataclass(frozen=True, slots=True)
class Pending:
    """The gateway took the order and will say later how it went; `why` is what it waits for."""

    ref: str
    why: str = "the gateway will say later"


@dataclass(frozen=True, slots=True)
class Unknown:
    """The order may have arrived and no answer came: only `lookup` may tell, nobody tries again."""

    why: str


@dataclass(frozen=True, slots=True)
class NotAttempted:
    """The order surely did not arrive (refused connection, breaker open): nothing was charged."""

    why: str


Outcome = Approved | Declined | RequiresAction | Pending | Unknown | NotAttempted
