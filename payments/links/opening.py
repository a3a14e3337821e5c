"""Opening the one payment of a link: written down as pending, before any gateway hears of it."""

from dataclasses import dataclass
from random import Random
from typing import Final

from core.clock import Clock
from core.ids import PaymentId
from payments.gateway import Gateway
from payments.links.ending import Ending
from payments.links.link import Link
from payments.session import State
from payments.store import Payment, Payments, ReceiptTaken, Repeated, StillOpen, TooMuch

_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class NotNow:
    """It cannot be paid at the moment, or not any more where nothing is `due`; `why` is for a log."""

    why: str
    due: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """The payment as it stands; `new` for the one of all who opened it that wrote it down."""

    payment: Payment
    new: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens payments of links; an unpaid page of the same bill is ended first."""

    payments: Payments
    ending: Ending
    clock: Clock
    chance: Random

    async def open(self, link: Link, payment: PaymentId, gateway: Gateway) -> Opened | NotNow:
        """Write the payment down, or find it written down. Raises StoreLost."""
        for _ in range(_TRIES):
            drawn = self._drawn_up(link, payment, gateway)
            match await self.payments.open(drawn):
                case ReceiptTaken():
                    continue
                case StillOpen(other) if await self.ending.end(other):
                    continue
                case StillOpen(other):
                    return NotNow(f"{other} of the same bill has no answer yet")
                case TooMuch(due):
                    return NotNow(f"only {due} is due by now", due=due.minor > 0)
                case Repeated():
                    return NotNow("its key was used for another payment")
                case Payment() as opened:
                    return Opened(opened, new=opened.receipt == drawn.receipt)
        return NotNow("no receipt code is free")

    def _drawn_up(self, link: Link, payment: PaymentId, gateway: Gateway) -> Payment:
        return Payment(
            id=payment,
            call=link.call,
            account=link.account,
            amount=link.amount,
            state=State.PENDING,
            gateway=gateway.name,
            key=f"{payment}_1",
            brand="",
            last4="",
            receipt=f"{self.chance.randrange(10**8):08d}",
            created_at=self.clock.now(),
        )
