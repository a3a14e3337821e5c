"""What a flow is told about a charge, from the gateway's answer and from what stands written."""

from payments.methods import StoredCard
from payments.outcome import (
    Approved,
    DeclineCode,
    Declined,
    NotAttempted,
    Outcome,
    Pending,
    RequiresAction,
    Unknown,
)
from payments.refusal import NEXT, Next
from payments.session import TAKEN, State
from payments.store import Payment, Repeated
from payments.taken import AlreadyInProgress, Held, NotTaken, Paid, Refused, Taken, Unconfirmed


def answer_of(outcome: Outcome, payment: Payment, kept: StoredCard | None = None) -> Taken:
    """The answer, once the payment stands in the store as `payment` does."""
    match outcome:
        case Approved() if payment.state is State.CAPTURED:
            return Paid(payment.receipt, payment, kept)
        case Approved() if payment.state is State.AUTHORIZED:
            return Held(payment, kept)
        case Declined(code):
            return refused(code)
        case RequiresAction():
            return refused(DeclineCode.AUTHENTICATION_REQUIRED)
        case NotAttempted(why):
            return NotTaken(why)
        case Approved() | Pending() | Unknown():
            return Unconfirmed(payment)


def untold(outcome: Outcome, payment: Payment) -> Taken:
    """The answer while the outcome is not written down: money that moved is not yet confirmed."""
    return Unconfirmed(payment) if isinstance(outcome, Approved) else answer_of(outcome, payment)


def repeated(found: Repeated) -> Taken:
    """The answer to an order whose key was used before, for the same thing: what came of it then."""
    payment = found.payment
    if payment is None:
        return NotTaken("this key's order was answered before, and nothing was charged")
    if payment.state in TAKEN:
        return Paid(payment.receipt, payment)
    return _unpaid(payment)


def _unpaid(payment: Payment) -> Taken:
    match payment.state:
        case State.PENDING:
            return AlreadyInProgress(payment.id)
        case State.AUTHORIZED | State.CAPTURING | State.VOIDING:
            return Held(payment)
        case State.DECLINED | State.ACTION_REQUIRED:
            return refused(_code_in(payment.reason))
        case State.NOT_ATTEMPTED | State.VOIDED:
            return NotTaken(payment.reason)
        case _:
            return Unconfirmed(payment)


def refused(code: DeclineCode) -> Refused:
    """The bank's no, or ours, and what may follow."""
    return Refused(code, NEXT[code] in {Next.ANOTHER_CARD, Next.ELSEWHERE})


def _code_in(reason: str) -> DeclineCode:
    word = reason.partition(" ")[0]
    return DeclineCode(word) if word in {code.value for code in DeclineCode} else DeclineCode.OTHER
