"""The ledger: what each movement of money posts, in double entry."""

from dataclasses import dataclass

from core.ids import AccountId
from core.money import Money
from payments.notice import Stage


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry: a debit is positive, a credit negative; the sides of a movement sum to zero.

    `account` is `account:ID`, what a customer owes us; `gateway:NAME`, what a gateway owes us;
    `disputed:NAME`, what it holds back; `fees:NAME`, what it kept for its pains; or `bank`.
    """

    account: str
    amount: Money


def captured(account: AccountId, gateway: str, amount: Money) -> list[Posting]:
    """The customer owes less, the gateway owes it to us."""
    return _entry(f"gateway:{gateway}", f"account:{account}", amount)


def refunded(account: AccountId, gateway: str, amount: Money) -> list[Posting]:
    """The reverse of a capture: the customer owes it again, until somebody writes it off."""
    return _entry(f"account:{account}", f"gateway:{gateway}", amount)


def disputed(stage: Stage, account: AccountId, gateway: str, amount: Money) -> list[Posting]:
    """A dispute holds money back; won, it comes back; lost, the customer owes it again."""
    match stage:
        case Stage.OPENED:
            return _entry(f"disputed:{gateway}", f"gateway:{gateway}", amount)
        case Stage.WON:
            return _entry(f"gateway:{gateway}", f"disputed:{gateway}", amount)
        case Stage.LOST:
            return _entry(f"account:{account}", f"disputed:{gateway}", amount)


def fee(gateway: str, amount: Money) -> list[Posting]:
    """The gateway keeps a fee; below zero, it gives one back."""
    return _entry(f"fees:{gateway}", f"gateway:{gateway}", amount)


def paid_out(gateway: str, amount: Money) -> list[Posting]:
    """The gateway sent money to the bank; below zero, it took some."""
    return _entry("bank", f"gateway:{gateway}", amount)


def _entry(debit: str, credit: str, amount: Money) -> list[Posting]:
    return [Posting(debit, amount), Posting(credit, Money(-amount.minor, amount.currency))]
