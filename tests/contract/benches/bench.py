"""What a contract test needs of a gateway: the gateway itself, and a look behind its counter."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from core.certificate import Certificate
from core.ids import PaymentId, new_payment_id
from core.money import Money
from payments.capabilities import Capabilities
from payments.card import CardEntry, CardField
from payments.gateway import TOKENIZE, Gateway, Refunds, Verb
from payments.orders import Charge, Page, PageOrder, RefundOrder, Token
from payments.outcome import Approved, DeclineCode, Outcome, Pending
from payments.sandbox.faults import Fault, Trouble
from payments.sandbox.server import Emulator
from tests.contract.benches.payer import Payer

TODAY = date(2026, 11, 20)
VISA = b"4242424242424242"
DUE = Money(12550, "USD")
Kind = TypeVar("Kind", bound=Gateway)


@dataclass(frozen=True)
class Refusal:
    """How a vendor is made to refuse: by a card or a test token, or by an amount that it documents."""

    words: str
    code: DeclineCode
    gateway_code: str
    card: bytes = b""
    amount: Money = DUE


class Bench(ABC):
    """A gateway, and a look behind its counter."""

    gateway: Gateway
    good = VISA
    planted = (  # a card, a code and a key as they would stand in this vendor's traffic
        "Authorization: Bearer sk_test_{key}\r\n\r\n"
        "type=card&card[number]={number}&card[exp_month]=12&card[cvc]={code} last4: 1111"
    )

    def doing(self, verb: Verb[Kind]) -> Kind:
        """The gateway as one that does this; the test named it as needed."""
        found = verb.of(self.gateway)
        assert found is not None, f"{self.gateway.name} declares no {verb.can}"
        return found

    async def token(self, card: bytes) -> Token:
        """A token of a card; vendors that take no card from a server have test tokens instead."""
        with keyed_in(card) as entry:
            token = await self.doing(TOKENIZE).tokenize(entry, f"{new_payment_id()}_1_token")
        assert isinstance(token, Token), token
        return token

    async def charge(self, card: bytes = b"", amount: Money = DUE) -> Charge:
        """An order to charge a fresh token."""
        payment = new_payment_id()
        return Charge(payment, f"{payment}_1", amount, await self.token(card or self.good), "bill 1")

    @abstractmethod
    def charged(self, payment: PaymentId) -> list[int]:
        """The amounts taken for a payment, one for each time money moved."""

    @abstractmethod
    def swallow_the_next_answer(self) -> None:
        """Let the next charge be done and its answer be lost."""

    @abstractmethod
    def lose_the_next_order(self) -> None:
        """Let the next charge get lost before anything is done."""

    @abstractmethod
    async def go_away(self) -> None:
        """Be out of reach from now on."""

    async def go_away_for_lookups(self) -> bool:
        """Be out of reach when a lookup asks; False for a gateway inside the process."""
        return False

    async def settle(self, ref: str) -> None:
        """Let as much time pass as the vendor needs until a charge can be refunded."""
        return

    def wait_until_lookups_are_sure(self) -> None:
        """Let as much time pass as the vendor needs before a payment that it does not list never was."""
        return


class EmulatedBench(Bench):
    """A gateway that talks to an emulator; `charges_at` is the path that charges."""

    charges_at: str
    hook_secret = "whsec_contract"
    wrong_secret = "whsec_another"
    signs_in_header = True
    late = timedelta(minutes=6)  # more than the time for which a webhook is believed
    disputed = b""  # a card whose holder disputes the charge
    pages_at = "/"  # the path that makes a page
    asked_at = "/"  # the path by which a page is looked up
    refused_on_page = ""  # what a payer is refused with there
    page_amount = DUE

    def __init__(self, gateway: Gateway, emulator: Emulator) -> None:
        self.gateway = gateway
        self.emulator = emulator

    def page_order(self) -> PageOrder:
        """An order for a page that can be paid on for three days."""
        payment, until = new_payment_id(), datetime.now(UTC) + timedelta(days=3)
        url = f"https://pay.example.com/pay/{payment}/back"
        return PageOrder(payment, f"{payment}_1_page", self.page_amount, url, until, "bill 1")

    async def paid_on(self, page: Page, order: PageOrder, payer: Payer) -> Approved:
        """Have the page paid on, and look."""
        await payer.pay(page)
        outcome = await self.gateway.lookup(order.payment, page.ref)
        assert isinstance(outcome, Approved), outcome
        return outcome

    def signed_places(self, body: bytes) -> tuple[int, ...]:
        """Where a webhook may not be changed."""
        return len(body) // 3, len(body) // 2

    def taken_at(self, page: Page) -> str:
        """The path by which the money of a page is taken, where a lookup takes it."""
        return self.asked_at

    def end_the_page(self, page: Page) -> None:
        """Let the vendor end a page that nobody paid on."""
        raise AssertionError(f"the pages of {self.gateway.name} do not end")

    async def refunded(self, gateway: Refunds, order: RefundOrder) -> Outcome:
        """What comes of a refund in the end, where the vendor takes its time."""
        outcome = await gateway.refund(order)
        return await gateway.lookup_refund(order) if isinstance(outcome, Pending) else outcome

    def swallow_the_next_answer(self) -> None:
        self.emulator.troubles.plan(Trouble(Fault.RESET_AFTER_SEND, self.charges_at))

    def lose_the_next_order(self) -> None:
        self.emulator.troubles.plan(Trouble(Fault.LOST, self.charges_at))

    async def go_away(self) -> None:
        await self.emulator.refuse()

    async def go_away_for_lookups(self) -> bool:
        await self.emulator.refuse()
        return True


@dataclass(frozen=True)
class Vendor:
    """How a bench is opened, and what the tests may ask of it; who has no emulator does not ring at all."""

    open: Callable[[Certificate], AbstractAsyncContextManager[Bench]]
    capabilities: Capabilities
    refusals: Sequence[Refusal]
    rings: bool = True
    rings_refusals: bool = False
    rings_refunds: bool = True
    forms: bool = False  # its page is made of a signed form, and the vendor is not asked for it
    retries: bool = True  # who is refused on its page may try again there
    pages_end: bool = True
    finds_refunds: bool = True  # a refund that it never heard of is told from one that it did
    signs_time: bool = True  # a webhook of another time is told by its signature


def keyed_in(number: bytes = VISA) -> CardEntry:
    """A card as a caller keys it in, complete and right."""
    entry = CardEntry()
    code = b"1234" if number.startswith(b"37") else b"123"
    for field, digits in (
        (CardField.NUMBER, number),
        (CardField.EXPIRY, b"1234"),
        (CardField.CODE, code),
    ):
        for digit in digits:
            entry.append(field, digit)
        assert entry.finish(field, TODAY) is None
    return entry
