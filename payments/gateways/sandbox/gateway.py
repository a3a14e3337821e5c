"""A gateway that moves no money: it decides by the card number, and fails when it is told to."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from random import Random
from typing import BinaryIO, Final

import anyio

from core.ids import PaymentId
from core.money import Money
from payments.capabilities import Can, Capabilities
from payments.card import CardEntry
from payments.currencies import Currencies
from payments.gateway import VOIDED
from payments.gateways.sandbox import report, webhooks
from payments.gateways.sandbox.books import Books, Entry
from payments.gateways.sandbox.cards import BOGUS_CARDS, BogusCard, Fate, card_like
from payments.notice import Distrusted, Notice
from payments.orders import Charge, EvidenceOrder, Owner, RefundOrder, Token
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, Unknown
from payments.scrub import scrubbed
from payments.settlement_row import SettlementRow

CAPABILITIES: Final = Capabilities(
    can=Can.RAW_CARD
    | Can.CHARGE
    | Can.MOTO
    | Can.AUTHORIZE
    | Can.PARTIAL_CAPTURE
    | Can.REFUND
    | Can.PARTIAL_REFUND
    | Can.STORE_CARD
    | Can.DISPUTES
    | Can.CONTEST
    | Can.WEBHOOKS
    | Can.SETTLEMENT,
    currencies=Currencies({"USD": 2, "EUR": 2, "GBP": 2, "CAD": 2, "JPY": 0, "KWD": 3}),
    brands=frozenset({"visa", "mastercard", "amex", "maestro", "discover", "jcb", "diners-club"}),
)


class Fault(Enum):
    """How the next order goes wrong."""

    REFUSE = "refuse"  # surely nothing done
    SLOW = "slow"  # done, after a while
    SILENT = "silent"  # done, and no answer
    LOST = "lost"  # nothing done, and no answer


@dataclass(frozen=True, slots=True)
class _Trouble:
    fault: Fault | None
    seconds: float


class SandboxGateway:
    """The bogus gateway. Waits are anyio's, so that it works in virtual time; `chance` makes references.

    An order without an answer is given up after `timeout_s`, as a vendor's client would.
    """

    name = "sandbox"
    capabilities = CAPABILITIES
    cards_go_to = "https://sandbox.example.com"  # nothing is sent

    def __init__(
        self,
        chance: Random,
        books: Books | None = None,
        timeout_s: float = 20.0,
        secret: bytes = b"sandbox",
    ) -> None:
        self.books = books if books is not None else Books()
        self._chance, self._timeout_s, self._secret = chance, timeout_s, secret
        self._troubles: deque[_Trouble] = deque()

    def fail(self, fault: Fault, times: int = 1, seconds: float = 5.0) -> None:
        """Let the next `times` orders that move money go wrong; `seconds` is how slow SLOW is."""
        self._troubles.extend([_Trouble(fault, seconds)] * times)

    async def tokenize(self, card: CardEntry, key: str) -> Token | Declined | NotAttempted | Unknown:
        """Trade the card for a token; the number is compared in place and not kept."""
        with card.number.view() as digits:
            bogus = card_like(digits)
        token = Token(self.name, f"tok_{self._chance.getrandbits(96):024x}")
        self.books.cards[token.value] = BOGUS_CARDS.index(bogus)
        return token

    async def store(self, token: Token, owner: Owner, key: str) -> Token | Declined | NotAttempted | Unknown:
        """Make a token reusable."""
        place = self.books.cards.get(token.value)
        if place is None:
            return Declined(DeclineCode.WRONG_NUMBER, "no_such_token")
        stored = Token(self.name, f"card_{token.value}", True, owner.known or f"cus_{owner.reference}")
        self.books.cards[stored.value] = place
        return stored

    async def forget(self, token: Token) -> NotAttempted | Unknown | None:
        """Delete a stored card."""
        self.books.cards.pop(token.value, None)
        return None

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice | Distrusted:
        """Check the signature over the raw body, then read it."""
        return webhooks.heard(self.name, body, headers, self._secret, now)

    def settlement_rows(self, file: BinaryIO) -> Iterator[SettlementRow]:
        """Read a settlement report, row by row."""
        return report.read(file)

    async def purchase(self, charge: Charge) -> Outcome:
        """Authorize and capture at once."""
        return await self._charge(charge, captured=True)

    async def authorize(self, charge: Charge) -> Outcome:
        """Reserve the money."""
        return await self._charge(charge, captured=False)

    async def capture(self, ref: str, amount: Money, key: str) -> Outcome:
        """Take reserved money, all or a part."""
        return await self._once(key, ("capture", ref, amount), lambda: self._capture(ref, amount))

    async def void(self, ref: str, key: str) -> Outcome:
        """Let reserved money go."""
        return await self._once(key, ("void", ref), lambda: self._void(ref))

    async def refund(self, order: RefundOrder) -> Outcome:
        """Give money back; never more than was captured."""
        return await self._once(order.key, order, lambda: self._refund(order.ref, order.amount))

    async def lookup_refund(self, order: RefundOrder) -> Outcome:
        """What became of a refund."""
        _, outcome = self.books.answers.get(order.key, (order, NotAttempted("the gateway never heard of it")))
        return outcome

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        """What became of a payment."""
        entries = self.books.of(payment)
        return entries[-1].outcome if entries else NotAttempted("the gateway never heard of it")

    async def contest(self, order: EvidenceOrder) -> Outcome:
        """Take evidence."""
        return await self._once(order.key, order, lambda: Approved(order.dispute))

    async def concede(self, dispute: str, key: str) -> Outcome:
        """Take it that we give in."""
        return await self._once(key, ("concede", dispute), lambda: Approved(dispute))

    def scrub(self, transcript: str) -> str:
        """The transcript without card numbers, codes and keys."""
        return scrubbed(transcript)

    async def _charge(self, charge: Charge, captured: bool) -> Outcome:
        place = self.books.cards.get(charge.token.value)
        if place is None:
            return Declined(DeclineCode.WRONG_NUMBER, "no_such_token")
        card = BOGUS_CARDS[place]
        order = ("purchase" if captured else "authorize", charge)
        return await self._once(
            charge.key, order, lambda: self._decide(charge, card, captured), _FATES.get(card.fate)
        )

    async def _once(
        self, key: str, order: object, do: Callable[[], Outcome], fate: Fault | None = None
    ) -> Outcome:
        trouble = self._troubles.popleft() if self._troubles else _Trouble(fate, 0)
        if trouble.fault is Fault.REFUSE:
            return NotAttempted("the sandbox refuses, as it was told to")
        if trouble.fault is Fault.LOST:
            return await self._silence()
        if trouble.fault is Fault.SLOW:
            await anyio.sleep(trouble.seconds)
        if key not in self.books.answers:
            self.books.answers[key] = (order, do())
        if trouble.fault is Fault.SILENT:
            return await self._silence()
        first, outcome = self.books.answers[key]
        return outcome if first == order else Declined(DeclineCode.OTHER, "idempotency_error")

    async def _silence(self) -> Unknown:
        await anyio.sleep(self._timeout_s)
        return Unknown(f"the sandbox did not answer in {self._timeout_s:g} s")

    def _decide(self, charge: Charge, card: BogusCard, captured: bool) -> Outcome:
        ref = f"bogus_{self._chance.getrandbits(64):016x}"
        outcome: Outcome = Approved(ref, captured)
        if card.fate is Fate.DECLINE:
            outcome = Declined(card.decline, card.decline_code or card.code, ref)
        taken = charge.amount.minor if captured and isinstance(outcome, Approved) else 0
        self.books.entries[ref] = Entry(ref, charge.payment, charge.amount, outcome, taken)
        return outcome

    def _capture(self, ref: str, amount: Money) -> Outcome:
        entry = self.books.entries.get(ref)
        if entry is None or entry.outcome != Approved(ref, captured=False) or entry.voided:
            return _impossible("nothing_to_capture")
        if amount > entry.amount or amount.minor <= 0:
            return _impossible("amount_too_large")
        entry.outcome, entry.taken_minor = Approved(ref), amount.minor
        return entry.outcome

    def _void(self, ref: str) -> Outcome:
        entry = self.books.entries.get(ref)
        if entry is None or entry.outcome != Approved(ref, captured=False):
            return _impossible("nothing_to_void")
        entry.voided = True
        entry.outcome = Declined(DeclineCode.OTHER, VOIDED, ref)
        return Approved(ref)

    def _refund(self, ref: str, amount: Money) -> Outcome:
        entry = self.books.entries.get(ref)
        if entry is None or amount.currency != entry.amount.currency or amount.minor <= 0:
            return _impossible("nothing_to_refund")
        if amount.minor > entry.taken_minor - entry.returned_minor:
            return _impossible("amount_too_large")
        entry.returned_minor += amount.minor
        made = f"bogus_refund_{self._chance.getrandbits(64):016x}"
        self.books.refunds[made] = ref, amount
        return Approved(made)


_FATES: Final = {Fate.SILENT: Fault.SILENT, Fate.LOST: Fault.LOST}


def _impossible(gateway_code: str) -> Declined:
    return Declined(DeclineCode.NOT_SUPPORTED, gateway_code)
