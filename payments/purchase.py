"""What is about to be paid, as fraud scores and routing see it: no card number, no token."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.ids import AccountId, AttemptId, CallId
from core.money import Money


class Method(Enum):
    """With what it is paid."""

    CARD = "card"  # keyed in
    STORED = "stored"  # a card stored before, or a token
    BANK = "bank"
    LINK = "link"  # on a page


@dataclass(frozen=True, slots=True)
class Purchase:
    """One attempt to pay.

    `fingerprint` is the keyed HMAC of the card number (payments.risk.Fraud.fingerprint), or empty;
    `caller` the caller's number in E.164, or empty; `region` an ISO 3166 country, or empty; `challenged` when
    the payer has just given the one-time code, for which some can be asked (`asks_code`) and others cannot;
    `recurring` when nobody is there.
    """

    attempt: AttemptId
    at: datetime
    amount: Money
    method: Method
    account: AccountId
    call: CallId | None = None
    caller: str = ""
    brand: str = ""
    last4: str = ""
    fingerprint: str = ""
    region: str = ""
    address: str = ""
    challenged: bool = False
    asks_code: bool = True
    recurring: bool = False


class Operation(Enum):
    """What was asked of a gateway: breakers and success rates are kept for each apart."""

    TOKENIZE = "tokenize"
    PURCHASE = "purchase"
    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"
    STORE = "store"
    LINK = "link"
    LOOKUP = "lookup"
