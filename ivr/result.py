"""What a call came to."""

from enum import Enum


class CallResult(Enum):
    """The outcome of a call, as its record and the dashboard show it."""

    PAID = "paid"
    NOTHING_DUE = "nothing_due"
    DECLINED = "declined"
    DECLINED_TO_PAY = "declined_to_pay"  # the caller chose not to, or cancelled
    PENDING = "pending"  # sent, and the gateway has not answered: it settles after the call
    PAYMENT_UNAVAILABLE = "payment_unavailable"  # no gateway could be asked; nothing was charged
    BILL_CHANGED = "bill_changed"  # somebody paid it meanwhile; nothing was charged
    CARD_NOT_TAKEN = "card_not_taken"
    NO_INPUT = "no_input"  # a silent caller
    NO_MATCH = "no_match"  # one who was not understood, and did not want a person
    SERVED = "served"  # nothing is left to do: a program led the call, or the caller wanted nothing more
    INFORMED = "informed"  # heard what is due, and no more was wanted
    REQUESTED = "requested"  # a call back or a dispute is written down for a person
    LINK_SENT = "link_sent"  # pays on a page
    SPOKE_TO_AGENT = "spoke_to_agent"
    AGENT_NOT_REACHED = "agent_not_reached"
    TRANSFERRED = "transferred"
    HUNG_UP = "hung_up"  # the caller left before it came to anything
    TURNED_AWAY = "turned_away"  # too many calls at once
    TOO_LONG = "too_long"
    INTERRUPTED = "interrupted"  # the controller stopped in mid-call
    FAILED = "failed"  # a mistake of ours; the log has it under the call's id
