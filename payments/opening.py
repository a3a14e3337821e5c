"""Opening a payment: written down as pending, before any gateway hears of it."""

from dataclasses import dataclass
from random import Random
from typing import Final

from core.clock import Clock
from core.ids import AccountId, CallId, PaymentId
from core.money import Money
from payments.attempt import Attempt
from payments.links.ending import Ending
from payments.session import State
from payments.store import Payment, Payments, ReceiptTaken, Repeated, StillOpen, TooMuch

_TRIES: Final = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """A payment at the gateway of that name, before it has a receipt code; `attempt` is why it goes there."""

    id: PaymentId
    account: AccountId
    amount: Money
    gateway: str
    attempt: Attempt
    call: CallId | None = None
    brand: str = ""
    last4: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The payment as it stands; `new` for the one of all who opened it that wrote it down."""

    payment: Payment
    new: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens payments; an unpaid page of the same bill is ended first."""

    payments: Payments
    ending: Ending
    clock: Clock
    chance: Random

    async def open(self, draft: Draft) -> Opened | StillOpen | TooMuch | ReceiptTaken | Repeated:
        """Write it down with a receipt code that is free, or find it written down. Raises StoreLost."""
        for _ in range(_TRIES):
            drawn = self._drawn_up(draft)
            match await self.payments.open(drawn, draft.attempt):
                case ReceiptTaken():
                    continue
                case StillOpen(other) if await self.ending.end(other):
                    continue
                case Payment() as opened:
                    return Opened(opened, new=opened.receipt == drawn.receipt)
                case StillOpen() | TooMuch() | Repeated() as in_the_way:
                    return in_the_way
        return ReceiptTaken()

    def _drawn_up(self, draft: Draft) -> Payment:
        return Payment(
            id=draft.id,
            call=draft.call,
            account=draft.account,
            amount=draft.amount,
            state=State.PENDING,
            gateway=draft.gateway,
            key=f"{draft.id}_1",
            brand=draft.brand,
            last4=draft.last4,
            receipt=f"{self.chance.randrange(10**8):08d}",
            created_at=self.clock.now(),
            attempt=draft.attempt.id,
        )
