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
    CAPTURED = "captured"
    DECLINED = "declined"
    NOT_ATTEMPTED = "not_attempted"
    VOIDED = "voided"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


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
        State.ACTION_REQUIRED: frozenset({State.AUTHORIZED, State.CAPTURED, State.DECLINED}),
        State.AUTHORIZED: frozenset({State.CAPTURED, State.VOIDED}),
        State.CAPTURED: frozenset({State.PARTIALLY_REFUNDED, State.REFUNDED, State.DISPUTED}),
        State.PARTIALLY_REFUNDED: frozenset({State.PARTIALLY_REFUNDED, State.REFUNDED, State.DISPUTED}),
        State.DISPUTED: frozenset({State.CAPTURED, State.REFUNDED}),
        State.DECLINED: frozenset(),
        State.NOT_ATTEMPTED: frozenset(),
        State.VOIDED: frozenset(),
        State.REFUNDED: frozenset(),
    }
)

UNSETTLED = frozenset({State.PENDING, State.UNKNOWN})


def may_move(old: State, new: State) -> bool:
    """Whether a payment may go from one state to the other."""
    return new in TRANSITIONS[old]
