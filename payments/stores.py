"""What the Desk writes to."""

from dataclasses import dataclass

from payments.disputes import KeptDisputes
from payments.methods import KeptMethods
from payments.refunds import KeptRefunds
from payments.store import Payments


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one database (or of one memory): a change in one is seen by the others."""

    payments: Payments
    refunds: KeptRefunds
    disputes: KeptDisputes
    methods: KeptMethods
