"""The ledger: what each move of a payment posts, in double entry."""

from dataclasses import dataclass

from core.errors import BadInput
from core.money import Money
from payments.session import State
from payments.store import Move, Payment

_TAKEN = frozenset({State.CAPTURED, State.PARTIALLY_REFUNDED, State.DISPUTED})


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry: a debit is positive, a credit negative; the sides of a move sum to zero.

    `account` is `gateway:NAME`, what a gateway owes us, or `account:ID`, what a customer owes us.
    """

    account: str
    amount: Money


def postings(before: Payment, move: Move) -> list[Posting]:
    """What `move` posts for a payment that stands as `before`; empty when no money changes hands.

    Raises BadInput for the second part of a refund without its amount: what is left is not known here.
    """
    if move.to is State.CAPTURED and before.state not in _TAKEN:
        return _entry(f"gateway:{before.gateway}", f"account:{before.account}", before.amount)
    if move.to in {State.REFUNDED, State.PARTIALLY_REFUNDED}:
        return _entry(f"account:{before.account}", f"gateway:{before.gateway}", _refunded(before, move))
    return []


def _entry(debit: str, credit: str, amount: Money) -> list[Posting]:
    return [Posting(debit, amount), Posting(credit, Money(-amount.minor, amount.currency))]


def _refunded(before: Payment, move: Move) -> Money:
    if move.amount is not None:
        return move.amount
    if move.to is State.PARTIALLY_REFUNDED or before.state is State.PARTIALLY_REFUNDED:
        raise BadInput(f"{before.id} is refunded in parts: the move must say how much")
    return before.amount
