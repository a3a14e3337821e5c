"""From a gateway's answer to a payment's next state."""

import structlog

from core.money import Money
from payments.gateway import VOIDED
from payments.outcome import Approved, Declined, NotAttempted, Outcome, Pending, RequiresAction, Unknown
from payments.session import State
from payments.store import Move, Payment

log = structlog.stdlib.get_logger(__name__)

_RESERVED = frozenset({State.AUTHORIZED, State.CAPTURING, State.VOIDING})


def move_for(outcome: Outcome, payment: Payment) -> Move | None:
    """The step that an answer means for a payment as it stands; None for one that means nothing to it."""
    if payment.state in _RESERVED:
        return _of_reserved(outcome, payment)
    return first_move_for(outcome, payment)


def first_move_for(outcome: Outcome, payment: Payment) -> Move:
    """The step that an answer means for a payment that was PENDING or UNKNOWN."""
    match outcome:
        case Approved(ref, captured, amount):
            to = State.CAPTURED if captured else State.AUTHORIZED
            return Move(to, ref, amount=_possible(amount, payment) if captured else None)
        case Declined(code, gateway_code, ref):
            return Move(State.DECLINED, ref, f"{code.value} ({gateway_code})" if gateway_code else code.value)
        case RequiresAction(ref, _):
            return Move(State.ACTION_REQUIRED, ref, "the cardholder must act elsewhere")
        case Pending(ref, why):
            return Move(State.UNKNOWN, ref, why)
        case Unknown(why):
            return Move(State.UNKNOWN, reason=why)
        case NotAttempted(why):
            return Move(State.NOT_ATTEMPTED, reason=why)


def _of_reserved(outcome: Outcome, payment: Payment) -> Move | None:
    """What a lookup or a webhook says about money that was reserved, and perhaps taken or let go since."""
    match outcome:
        case Approved(ref, True, amount):
            return Move(State.CAPTURED, ref, amount=_possible(amount, payment))
        case Approved(ref):
            return Move(State.AUTHORIZED, ref, "the reservation still stands")
        case Declined(_, code, ref) if code == VOIDED:
            return Move(State.VOIDED, ref)
        case _:
            return None


def _possible(amount: Money | None, payment: Payment) -> Money | None:
    """What the gateway says that it took; None, for what we asked, when it cannot be."""
    if amount is None or (
        amount.currency == payment.amount.currency and 0 < amount.minor <= payment.amount.minor
    ):
        return amount
    log.critical(
        "gateway took another amount than was asked",
        payment=payment.id,
        asked=str(payment.amount),
        taken=str(amount),
    )
    return None
