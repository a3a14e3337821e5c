"""What a gateway declares that it can do: data, for the Desk, the documentation and the contract tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from types import MappingProxyType

from payments.currencies import Currencies
from payments.refusal import Next


class Can(Flag):
    """A capability; what a gateway does not declare is never asked of it."""

    RAW_CARD = auto()  # takes a card number from a server: a card on a call
    CHARGE = auto()  # charges a token without the payer's doing
    MOTO = auto()  # marks a payment as mail or telephone order
    AUTHORIZE = auto()  # authorize now, capture or void later
    PARTIAL_CAPTURE = auto()
    REFUND = auto()
    PARTIAL_REFUND = auto()
    STORE_CARD = auto()  # tokens that can be charged again, by the merchant alone
    LINK = auto()  # a page of the vendor's that the payer opens
    END_PAGE = auto()  # ends a page on which nobody paid yet
    FIELDS = auto()  # card fields of the vendor's that a page of ours shows
    UPI_COLLECT = auto()  # asks a payer's UPI app for money
    UPI_REQUEST = auto()  # sends a request to a telephone number, which is paid by UPI
    BANK_DEBIT = auto()  # takes a bank account's numbers from a server
    DISPUTES = auto()  # tells of disputes by webhook
    CONTEST = auto()  # takes our side of a dispute: evidence, or that we give in
    WEBHOOKS = auto()
    SETTLEMENT = auto()  # its settlement report can be read
    FETCH_REPORT = auto()  # hands its settlement report out when it is asked


class CardOnCall(Enum):
    """What becomes of a card that a caller keys in."""

    RAW = "raw"  # the gateway takes the number itself
    TOKEN = "token"  # noqa: S105 - only a card that it stored before can be charged during a call
    NONE = "none"  # the payer must open a page: the Desk offers a link


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a gateway can do.

    `after` says what may follow a refusal, by the vendor's own code, where the code alone tells more than
    our word for it (payments.refusal.NEXT). `brands` are named as `payments.brand.Brand` has them.
    """

    can: Can
    currencies: Currencies
    brands: frozenset[str]
    after: Mapping[str, Next] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def card(self) -> CardOnCall:
        """What of a card on a call."""
        if Can.RAW_CARD in self.can:
            return CardOnCall.RAW
        return CardOnCall.TOKEN if Can.CHARGE in self.can else CardOnCall.NONE
