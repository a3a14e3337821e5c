"""All that the Desk writes to, in one PostgreSQL."""

from core.clock import Clock
from db.disputes import StoredDisputes
from db.engine import Work
from db.methods import StoredMethods
from db.payments import SettleSoon, StoredPayments
from db.refunds import StoredRefunds
from payments.stores import Stores


def stored(work: Work, clock: Clock, settle_soon: SettleSoon | None = None) -> Stores:
    """The stores, on one database."""
    return Stores(
        StoredPayments(work, clock, settle_soon),
        StoredRefunds(work, clock),
        StoredDisputes(work, clock),
        StoredMethods(work, clock),
    )
