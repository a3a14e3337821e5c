"""What a flow asks of the Desk, and every answer it may get."""

from dataclasses import dataclass

from core.ids import AccountId, AttemptId, CallId, PaymentId
from core.money import Money
from payments.bank import Holder
from payments.methods import Keep, StoredCard
from payments.orders import Initiator
from payments.outcome import DeclineCode
from payments.purchase import Method
from payments.store import Payment
from payments.vault import SealedAccount, SealedCard


@dataclass(frozen=True, slots=True)
class Order:
    """Take `amount` from `card` for the bill `account`; what was keyed in is used up, whatever comes of it.

    A keyed-in bank account of `holder` (None: who is known by the customer's id alone) is debited once: it is
    neither kept nor is money reserved there.

    `key` is the idempotency key of whoever asks: with the same key the same order is never served twice, and
    each asker gets the one answer. Empty, the order is like no other. `hold` reserves the money only. An
    amount of zero charges nothing and keeps the card, as `keep` says. `caller` (E.164), `region` (ISO 3166)
    and `address` are for fraud and routing; `challenged` when the payer has just given the one-time code;
    `asks_code` where nobody could ask for one.
    """

    amount: Money
    card: SealedCard | SealedAccount | StoredCard
    account: AccountId
    call: CallId | None = None
    description: str = ""
    key: str = ""
    hold: bool = False
    keep: Keep = Keep.NOTHING
    initiator: Initiator = Initiator.CALLER
    caller: str = ""
    region: str = ""
    address: str = ""
    challenged: bool = False
    asks_code: bool = True
    holder: Holder | None = None

    @property
    def method(self) -> Method:
        """With what is paid."""
        match self.card:
            case SealedCard():
                return Method.CARD
            case SealedAccount():
                return Method.BANK
            case StoredCard():
                return Method.STORED

    @property
    def brand(self) -> str:
        """The card's; empty for a bank account."""
        return "" if isinstance(self.card, SealedAccount) else self.card.brand.value

    @property
    def last4(self) -> str:
        """The card's last digits; empty for a bank account."""
        return "" if isinstance(self.card, SealedAccount) else self.card.last4


@dataclass(frozen=True, slots=True)
class Paid:
    """The money is taken, and written down; `receipt` is the code of 8 digits that the caller hears.

    `kept` is the card, where the order said to keep it.
    """

    receipt: str
    payment: Payment
    kept: StoredCard | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """A bank account's debit is on its way, for days: no money has moved, and nobody tries again.

    `receipt` is the code that the caller hears; a webhook or a lookup tells whether the money came.
    """

    receipt: str
    payment: Payment


@dataclass(frozen=True, slots=True)
class Held:
    """The money is reserved; `Desk.capture` takes it, `Desk.void` lets it go."""

    payment: Payment
    kept: StoredCard | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Nothing was charged, as nothing was asked for; the card is kept."""

    card: StoredCard


@dataclass(frozen=True, slots=True)
class Refused:
    """The bank said no and nothing was charged; `payments.refusal.NEXT` tells all that a flow may do."""

    code: DeclineCode
    try_another_card: bool


@dataclass(frozen=True, slots=True)
class Challenged:
    """The payer must give a one-time code first; after it, take `again`. Nothing was charged."""

    again: Order


@dataclass(frozen=True, slots=True)
class InReview:
    """A person decides about it; after a yes, take `again`. Nothing was charged."""

    attempt: AttemptId
    again: Order


@dataclass(frozen=True, slots=True)
class OnPageOnly:
    """No gateway takes this card during a call, and some have a page: offer a link. Nothing was charged."""


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


Taken = (
    Paid
    | Ordered
    | Held
    | Kept
    | Refused
    | Challenged
    | InReview
    | OnPageOnly
    | Unconfirmed
    | NotTaken
    | AlreadyInProgress
    | BillChanged
)
