"""What a flow asks of the Desk, and every answer it may get."""

from dataclasses import dataclass

from core.ids import AccountId, CallId, PaymentId
from core.money import Money
from payments.outcome import DeclineCode
from payments.store import Payment
from payments.vault import SealedCard


@dataclass(frozen=True, slots=True)
class Order:
    """Take `amount` from `card` for the bill `account`; the card is used up, whatever comes of it."""

    amount: Money
    card: SealedCard
    account: AccountId
    call: CallId | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """The money is taken, and written down; `receipt` is the code of 8 digits that the caller hears."""

    receipt: str
    payment: Payment


@dataclass(frozen=True, slots=True)
class Refused:
    """The bank said no and nothing was charged; `payments.refusal.NEXT` tells all that a flow may do."""

    code: DeclineCode
    try_another_card: bool


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """It may have been charged: nobody tries again, the answer is found out and told later."""

    payment: Payment


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Nothing was charged, for a reason that is not the card's; `why` is for a log, not for the caller."""

    why: str


@dataclass(frozen=True, slots=True)
class AlreadyInProgress:
    """Another payment of this bill has no answer yet; nothing was charged by this one."""

    payment: PaymentId


@dataclass(frozen=True, slots=True)
class BillChanged:
    """The bill asks for less than the order by now: somebody paid it; nothing was charged."""

    due: Money


Taken = Paid | Refused | Unconfirmed | NotTaken | AlreadyInProgress | BillChanged
