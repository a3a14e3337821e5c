"""The life of a payment: its states, and the moves between them, which stand nowhere else."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class State(Enum):
    """Where a payment stands."""

    PENDING = "pending"  # written down; the gateway may or may not have heard of it
    UNKNOWN = "unknown"  # sent, and no answer came
    ACTION_REQUIRED = "action_required"
    AUTHORIZED = "authorized"
    CAPTURING = "capturing"  # reserved money is being taken; the gateway may or may not have heard of it
    VOIDING = "voiding"  # reserved money is being let go; likewise
    CAPTURED = "captured"
    DECLINED = "declined"
    NOT_ATTEMPTED = "not_attempted"
    VOIDED = "voided"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    CHARGED_BACK = "charged_back"  # a dispute was lost


TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.PENDING: frozenset(
            {
                State.AUTHORIZED,
                State.CAPTURED,
                State.DECLINED,
                State.ACTION_REQUIRED,
                State.UNKNOWN,
                State.NOT_ATTEMPTED,
            }
        ),
        State.UNKNOWN: frozenset(
            {
                State.AUTHORIZED,
                State.CAPTURED,
                State.DECLINED,
                State.ACTION_REQUIRED,
                State.NOT_ATTEMPTED,
            }
        ),
        State.ACTION_REQUIRED: frozenset(
            {State.AUTHORIZED, State.CAPTURED, State.DECLINED, State.NOT_ATTEMPTED}
        ),
        State.AUTHORIZED: frozenset({State.CAPTURING, State.VOIDING, State.CAPTURED, State.VOIDED}),
        State.CAPTURING: frozenset({State.CAPTURED, State.AUTHORIZED, State.VOIDED}),
        State.VOIDING: frozenset({State.VOIDED, State.AUTHORIZED, State.CAPTURED}),
        State.CAPTURED: frozenset({State.PARTIALLY_REFUNDED, State.REFUNDED, State.DISPUTED}),
        State.PARTIALLY_REFUNDED: frozenset({State.PARTIALLY_REFUNDED, State.REFUNDED, State.DISPUTED}),
        State.DISPUTED: frozenset(
            {State.CAPTURED, State.PARTIALLY_REFUNDED, State.REFUNDED, State.CHARGED_BACK}
        ),
        State.DECLINED: frozenset(),
        State.NOT_ATTEMPTED: frozenset(),
        State.VOIDED: frozenset(),
        State.REFUNDED: frozenset(),
        State.CHARGED_BACK: frozenset(),
    }
)

UNSETTLED = frozenset({State.PENDING, State.UNKNOWN})
"""It may be charged: no other payment of the same bill is begun."""

OPEN = UNSETTLED | {State.CAPTURING, State.VOIDING}
"""The gateway is asked what became of it."""

TAKEN = frozenset(
    {
        State.CAPTURED,
        State.PARTIALLY_REFUNDED,
        State.REFUNDED,
        State.DISPUTED,
        State.CHARGED_BACK,
    }
)
"""Money was taken, whatever became of it later."""


def may_move(old: State, new: State) -> bool:
    """Whether a payment may go from one state to the other."""
    return new in TRANSITIONS[old]
