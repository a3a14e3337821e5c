"""A child process that takes one payment, and kills itself in the middle of it.

    python -m tests.integration.payments.teller DATABASE_URL SANDBOX_URL AUTHORITY STEP

STEP says when: before_write, after_write, before_send, after_answer, after_move, or never.
"""

import os
import signal
import sys
from pathlib import Path
from random import SystemRandom

import anyio

from core.clock import SystemClock
from core.ids import AccountId, PaymentId
from db.engine import Work
from db.payments import StoredPayments
from db.stores import stored
from payments.attempt import Attempt
from payments.desk import Desk
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.gateway import StripeGateway
from payments.orders import Charge
from payments.outcome import Outcome
from payments.route import FirstRoute
from payments.store import Move, Opened, Payment
from payments.stores import Stores
from payments.taken import Order
from payments.vault import Vault
from tests.integration.payments.branch import DUE, keyed_in

KEY = "the caller's key"


class MortalPayments(StoredPayments):
    """Dies before or after it writes."""

    step = ""

    async def open(self, payment: Payment, attempt: Attempt | None = None) -> Opened:
        die_at("before_write", self.step)
        opened = await super().open(payment, attempt)
        die_at("after_write", self.step)
        return opened

    async def move(self, payment: PaymentId, move: Move) -> Payment:
        moved = await super().move(payment, move)
        die_at("after_move", self.step)
        return moved


class MortalGateway(StripeGateway):
    """Dies before it sends, or after the answer."""

    step = ""

    async def purchase(self, charge: Charge) -> Outcome:
        die_at("before_send", self.step)
        outcome = await super().purchase(charge)
        die_at("after_answer", self.step)
        return outcome


def die_at(here: str, step: str) -> None:
    """As a power cut would."""
    if here == step:
        os.kill(os.getpid(), signal.SIGKILL)


async def take(url: str, sandbox: str, authority: str, step: str) -> None:
    """Take the payment and print what came of it."""
    work, clock, vault = Work(url), SystemClock(), Vault()
    gateway = MortalGateway(Account("sk_test_1", url=sandbox, authority=Path(authority), name="sandbox"))
    payments = MortalPayments(work, clock)
    gateway.step = payments.step = step
    rest = stored(work, clock)
    stores = Stores(payments, rest.refunds, rest.disputes, rest.methods)
    router, named = FirstRoute([gateway]), {gateway.name: gateway}
    desk = Desk(stores, vault, named, router, clock=clock, chance=SystemRandom())
    async with anyio.create_task_group() as group:
        await group.start(desk.run)
        order = Order(DUE, vault.seal(keyed_in()), AccountId("acct_1"), key=KEY)
        taken = await desk.take(order)
        sys.stdout.write(type(taken).__name__)
        group.cancel_scope.cancel()
    await gateway.close()
    await work.close()


if __name__ == "__main__":
    database, vendor, trusted, when = sys.argv[1:]
    anyio.run(take, database, vendor, trusted, when)
