"""From a gateway's answer to a payment's next state."""

from payments.outcome import Approved, Declined, NotAttempted, Outcome, Pending, RequiresAction, Unknown
from payments.session import State
from payments.store import Move


def move_for(outcome: Outcome) -> Move:
    """The step that an answer means for a payment that was PENDING or UNKNOWN."""
    match outcome:
        case Approved(ref, captured):
            return Move(State.CAPTURED if captured else State.AUTHORIZED, ref)
        case Declined(code, gateway_code, ref):
            return Move(State.DECLINED, ref, f"{code.value} ({gateway_code})" if gateway_code else code.value)
        case RequiresAction(ref, _):
            return Move(State.ACTION_REQUIRED, ref, "the cardholder must act elsewhere")
        case Pending(ref):
            return Move(State.UNKNOWN, ref, "the gateway will say later")
        case Unknown(why):
            return Move(State.UNKNOWN, reason=why)
        case NotAttempted(why):
            return Move(State.NOT_ATTEMPTED, reason=why)
