"""What gateways are asked to do, and what they hand out: orders, tokens, pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType

from core.ids import PaymentId, RefundId
from core.money import Money


@dataclass(frozen=True, slots=True)
class Token:
    """A gateway's stand-in for a card: useless elsewhere, so it may be written down.

    `reusable` when it can be charged again; `owner` is then the vendor's id of the customer, or empty.
    `bank` when it stands for a bank account.
    """

    gateway: str
    value: str
    reusable: bool = False
    owner: str = ""
    bank: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose card is stored: our `reference`, and the vendor's `known` id once it has one."""

    reference: str
    known: str = ""


class Initiator(Enum):
    """Who sets a charge off: card networks want to know."""

    CALLER = "caller"  # the cardholder, on the telephone
    PAGE = "page"  # the cardholder, on a page
    MERCHANT = "merchant"  # nobody is there: a recurring charge


@dataclass(frozen=True, slots=True)
class Charge:
    """An order to move money. `key` is the idempotency key, written down before the gateway hears of it.

    Wherever the vendor has room for it, `payment` goes along as our reference: `lookup` finds it there.
    """

    payment: PaymentId
    key: str
    amount: Money
    token: Token
    description: str = ""
    initiator: Initiator = Initiator.CALLER


@dataclass(frozen=True, slots=True)
class EvidenceOrder:
    """What speaks against a dispute, in words; `dispute` is the gateway's id of it."""

    dispute: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """An order to give money back, all or a part of what the charge `ref` captured.

    `id` goes along as our reference; `key` is the idempotency key, the same however often it is sent.
    """

    id: RefundId
    payment: PaymentId
    ref: str
    amount: Money
    key: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PageOrder:
    """An order for a page on which the payer pays `amount`, once, until `expires_at`.

    The payer's browser comes back to `return_url`; whether it was paid is told by `lookup` and by webhook.
    """

    payment: PaymentId
    key: str
    amount: Money
    return_url: str
    expires_at: datetime
    description: str = ""


@dataclass(frozen=True, slots=True)
class CollectOrder:
    """An order to ask the payer's UPI app at `address` (`name@bank`) for money, for as long as `lasts`."""

    payment: PaymentId
    key: str
    amount: Money
    address: str
    lasts: timedelta
    description: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Where the payer goes: a plain link, or with `form` fields that the browser must POST to `url`."""

    ref: str
    url: str
    form: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Fields:
    """A vendor's card fields for a page of ours: its `scripts` in their order, and the `key` they start with.

    `vendor` says whose they are. `frames`, `images` and `asks` are the origins that the vendor shows frames
    and pictures from and sends to: they, and the scripts' own, are what the page must allow (CSP 3).
    """

    vendor: str
    scripts: tuple[str, ...]
    key: str
    frames: tuple[str, ...]
    images: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
