"""A payment gateway: one protocol for what all can do, and one for each verb that only some have."""

# mypy: disable-error-code="type-abstract"
# (each Verb below is made of its protocol, which is compared with and never instantiated)

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final, Generic, Protocol, TypeVar, runtime_checkable

from core.ids import PaymentId
from core.money import Money
from payments.bank import Holder
from payments.capabilities import Can, Capabilities
from payments.card import CardEntry
from payments.notice import Distrusted, Notice
from payments.orders import (
    Charge,
    CollectOrder,
    EvidenceOrder,
    Fields,
    Owner,
    Page,
    PageOrder,
    RefundOrder,
    Token,
)
from payments.outcome import Declined, NotAttempted, Outcome, RequiresAction, Unknown
from payments.settlement_row import SettlementRow


@runtime_checkable
class Gateway(Protocol):
    """A vendor. No method raises for what a gateway may answer; silence is Unknown."""

    @property
    def name(self) -> str:
        """As the settings and the ledger call it."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do; of this account, which may be less than its adapter could."""
        ...

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        """What became of a payment: NotAttempted when the gateway never heard of it.

        `ref` is the gateway's own id, where an answer gave one. A reservation that was voided is
        `Declined(OTHER, VOIDED, ref)`; refunds and disputes do not change the answer.
        """
        ...

    def scrub(self, transcript: str) -> str:
        """A transcript of this gateway's traffic without card data or keys, fit to be kept."""
        ...


@runtime_checkable
class TakesCards(Gateway, Protocol):
    """Takes a card number from a server (Can.RAW_CARD)."""

    @property
    def cards_go_to(self) -> str:
        """The URL that card numbers are sent to: no card is taken while none of a line's can be reached."""
        ...

    async def tokenize(self, card: CardEntry, key: str) -> Token | Declined | NotAttempted | Unknown:
        """Trade the card for a token, from the buffer itself, over TLS with a checked certificate."""
        ...


@runtime_checkable
class DebitsAccounts(Gateway, Protocol):
    """Takes a bank account's numbers from a server (Can.BANK_DEBIT)."""

    async def tokenize_account(
        self, account: CardEntry, holder: Holder, key: str
    ) -> Token | Declined | NotAttempted | Unknown:
        """Trade the account for a token with `bank`, from the buffer itself, as `tokenize` does a card."""
        ...


@runtime_checkable
class Charges(Gateway, Protocol):
    """Charges tokens (Can.CHARGE)."""

    async def purchase(self, charge: Charge) -> Outcome:
        """Authorize and capture at once."""
        ...


@runtime_checkable
class Holds(Gateway, Protocol):
    """Reserves money now and takes it later (Can.AUTHORIZE)."""

    async def authorize(self, charge: Charge) -> Outcome:
        """Reserve the money; `capture` takes it, `void` lets it go."""
        ...

    async def capture(self, ref: str, amount: Money, key: str) -> Outcome:
        """Take reserved money: all of it, or a part with Can.PARTIAL_CAPTURE; the rest is let go."""
        ...

    async def void(self, ref: str, key: str) -> Outcome:
        """Let reserved money go."""
        ...


@runtime_checkable
class Refunds(Gateway, Protocol):
    """Gives money back (Can.REFUND; parts with Can.PARTIAL_REFUND)."""

    async def refund(self, order: RefundOrder) -> Outcome:
        """Give money back, never more than was captured; Approved carries the refund's own ref."""
        ...

    async def lookup_refund(self, order: RefundOrder) -> Outcome:
        """What became of a refund: NotAttempted when the gateway never heard of it."""
        ...


@runtime_checkable
class StoresCards(Gateway, Protocol):
    """Keeps cards that the merchant may charge again (Can.STORE_CARD)."""

    async def store(
        self, token: Token, owner: Owner, key: str
    ) -> Token | Declined | RequiresAction | NotAttempted | Unknown:
        """Make a token reusable, which asks the bank and moves no money."""
        ...

    async def forget(self, token: Token) -> NotAttempted | Unknown | None:
        """Have a stored card deleted; None when it is gone, also if it was gone before."""
        ...


@runtime_checkable
class Links(Gateway, Protocol):
    """Has a page of its own on which a payer pays (Can.LINK)."""

    async def link(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """Make a page for one payment, the same for the same key.

        `lookup(order.payment, page.ref)` says what became of it: RequiresAction while it can be paid on,
        `Declined(OTHER, PAGE_OVER)` when nobody did and nobody can any more. Where the vendor takes the
        money only when it is asked to after the payer's yes, it is this lookup that asks.
        """
        ...


@runtime_checkable
class EndsPages(Gateway, Protocol):
    """Ends its own pages (Can.END_PAGE)."""

    async def end_page(self, ref: str) -> Outcome:
        """Let nobody pay on a page any more, then say what became of it, as `lookup` does.

        `Declined(OTHER, PAGE_OVER)` when nobody had paid; Approved when somebody was quicker.
        """
        ...


@runtime_checkable
class Collects(Gateway, Protocol):
    """Asks a payer's UPI app for money (Can.UPI_COLLECT)."""

    async def collect(self, order: CollectOrder) -> Outcome:
        """Ask once; Pending until the payer says yes or no in the app, which `lookup` and webhooks tell."""
        ...


@runtime_checkable
class RequestsUpi(Gateway, Protocol):
    """Sends a payer's telephone a request that is paid in a UPI app (Can.UPI_REQUEST)."""

    async def request(self, order: PageOrder, to: str) -> Page | Declined | NotAttempted | Unknown:
        """Send one to the number `to` (E.164), the same for the same key; it is then as a page of `link`."""
        ...


@runtime_checkable
class OffersFields(Gateway, Protocol):
    """Has card fields for a page of ours, which give a token (Can.FIELDS)."""

    async def fields(self, amount: Money) -> Fields | NotAttempted | Unknown:
        """What a page must load on which that amount is paid; `purchase` charges the token that it gives."""
        ...


@runtime_checkable
class Contests(Gateway, Protocol):
    """Takes our side of a dispute (Can.CONTEST)."""

    async def contest(self, order: EvidenceOrder) -> Outcome:
        """Hand evidence in, and have the bank decide; Approved carries the dispute's own ref."""
        ...

    async def concede(self, dispute: str, key: str) -> Outcome:
        """Give in: the cardholder keeps the money. It cannot be taken back."""
        ...


@runtime_checkable
class Notifies(Gateway, Protocol):
    """Tells what happened by webhook (Can.WEBHOOKS)."""

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice | Distrusted:
        """Check the signature over the raw body, then read it. `headers` are named in lower case."""
        ...


@runtime_checkable
class Reports(Gateway, Protocol):
    """Reports what it settled (Can.SETTLEMENT)."""

    def settlement_rows(self, file: BinaryIO) -> Iterator[SettlementRow]:
        """Read a settlement report, row by row. Raises BadInput with the line that is not understood."""
        ...


@runtime_checkable
class FetchesReports(Reports, Protocol):
    """Hands its settlement report out when it is asked (Can.FETCH_REPORT)."""

    async def fetch_report(self, day: date) -> bytes | NotAttempted | Unknown:
        """What it settled on that day of its own calendar, as `settlement_rows` reads it; often nothing."""
        ...


_Kind = TypeVar("_Kind", bound=Gateway)


@dataclass(frozen=True, slots=True)
class Verb(Generic[_Kind]):
    """A capability, and the protocol of who has it."""

    can: Can
    kind: type[_Kind]

    def of(self, gateway: Gateway) -> _Kind | None:
        """The gateway as one that does this; None when it does not declare it, whatever methods it has."""
        return gateway if self.can in gateway.capabilities.can and isinstance(gateway, self.kind) else None


TOKENIZE: Final = Verb(Can.RAW_CARD, TakesCards)
TOKENIZE_ACCOUNT: Final = Verb(Can.BANK_DEBIT, DebitsAccounts)
PURCHASE: Final = Verb(Can.CHARGE, Charges)
HOLD: Final = Verb(Can.AUTHORIZE, Holds)
REFUND: Final = Verb(Can.REFUND, Refunds)
STORE: Final = Verb(Can.STORE_CARD, StoresCards)
LINK: Final = Verb(Can.LINK, Links)
END_PAGE: Final = Verb(Can.END_PAGE, EndsPages)
COLLECT: Final = Verb(Can.UPI_COLLECT, Collects)
UPI_REQUEST: Final = Verb(Can.UPI_REQUEST, RequestsUpi)
FIELDS: Final = Verb(Can.FIELDS, OffersFields)
CONTEST: Final = Verb(Can.CONTEST, Contests)
HEAR: Final = Verb(Can.WEBHOOKS, Notifies)
REPORT: Final = Verb(Can.SETTLEMENT, Reports)
FETCH_REPORT: Final = Verb(Can.FETCH_REPORT, FetchesReports)

VERBS: Final = (
    TOKENIZE,
    TOKENIZE_ACCOUNT,
    PURCHASE,
    HOLD,
    REFUND,
    STORE,
    LINK,
    END_PAGE,
    COLLECT,
    UPI_REQUEST,
    FIELDS,
    CONTEST,
    HEAR,
    REPORT,
    FETCH_REPORT,
)
"""All verbs: what is declared must be there (tests/contract)."""

PAGE_OVER: Final = "page_over"
"""The gateway code of a page on which nobody paid and nobody can any more, in every gateway's `lookup`."""

VOIDED: Final = "voided"
"""The gateway code of a reservation that was let go, in every gateway's `lookup`."""
