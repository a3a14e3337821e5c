"""Opening the one payment of a link, and why it cannot be opened now."""

from dataclasses import dataclass

from core.ids import PaymentId
from payments.attempt import Attempt
from payments.links.link import Link
from payments.opening import Draft, Opened, Opening
from payments.store import ReceiptTaken, Repeated, StillOpen, TooMuch


@dataclass(frozen=True, slots=True)
class NotNow:
    """It cannot be paid at the moment, or not any more where nothing is `due`; `why` is for a log."""

    why: str
    due: bool = True


async def opened(
    opening: Opening, link: Link, payment: PaymentId, gateway: str, attempt: Attempt
) -> Opened | NotNow:
    """Write the payment down, or find it written down. Raises StoreLost."""
    match await opening.open(Draft(payment, link.account, link.amount, gateway, attempt, link.call)):
        case StillOpen(other):
            return NotNow(f"{other} of the same bill has no answer yet")
        case TooMuch(due):
            return NotNow(f"only {due} is due by now", due=due.minor > 0)
        case Repeated():
            return NotNow("its key was used for another payment")
        case ReceiptTaken():
            return NotNow("no receipt code is free")
        case Opened() as done:
            return done
