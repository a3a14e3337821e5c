"""A payment gateway: the industry's verbs, and what a vendor declares that it can do."""

from dataclasses import dataclass
from enum import Flag, auto
from typing import Protocol

from core.ids import PaymentId
from core.money import Money
from payments.card import CardEntry
from payments.outcome import Declined, NotAttempted, Outcome, Unknown


class Can(Flag):
    """A capability; what a gateway does not declare is never asked of it."""

    RAW_CARD = auto()  # takes a card number from a server: a card on a call
    MOTO = auto()  # marks a payment as mail or telephone order
    AUTHORIZE = auto()  # authorize now, capture later
    PARTIAL_REFUND = auto()
    LINK = auto()  # a page that the payer opens
    STORE_CARD = auto()  # tokens that can be charged again
    DISPUTES = auto()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a gateway can do; `exponents` lists its currencies with the decimal places it uses for each."""

    can: Can
    exponents: dict[str, int]
    brands: frozenset[str]


@dataclass(frozen=True, slots=True)
class Token:
    """A gateway's stand-in for a card: useless elsewhere, so it may be written down."""

    gateway: str
    value: str


@dataclass(frozen=True, slots=True)
class Charge:
    """An order to move money. `key` is the idempotency key, written down before the gateway hears of it."""

    payment: PaymentId
    key: str
    amount: Money
    token: Token
    description: str = ""


class Gateway(Protocol):
    """A vendor. No method raises for what a gateway may answer; silence is Unknown."""

    @property
    def name(self) -> str:
        """As the settings and the ledger call it."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    async def tokenize(self, card: CardEntry, key: str) -> Token | Declined | NotAttempted | Unknown:
        """Trade the card for a token, from the buffer itself, over TLS with a checked certificate."""
        ...

    async def purchase(self, charge: Charge) -> Outcome:
        """Authorize and capture at once."""
        ...

    async def authorize(self, charge: Charge) -> Outcome:
        """Reserve the money; `capture` takes it, `void` lets it go."""
        ...

    async def capture(self, ref: str, amount: Money, key: str) -> Outcome:
        """Take reserved money, all or a part."""
        ...

    async def void(self, ref: str, key: str) -> Outcome:
        """Let reserved money go."""
        ...

    async def refund(self, ref: str, amount: Money, key: str) -> Outcome:
        """Give money back, all or a part; never more than was captured."""
        ...

    async def lookup(self, payment: PaymentId) -> Outcome:
        """What became of a payment: NotAttempted when the gateway never heard of it."""
        ...

    def scrub(self, transcript: str) -> str:
        """A transcript of this gateway's traffic without card data or keys, fit to be kept."""
        ...
