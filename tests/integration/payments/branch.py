"""A desk on the real PostgreSQL with a gateway whose books can be compared with our ledger, to the cent."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from random import Random

import anyio
from sqlalchemy import text

from core.clock import SystemClock
from core.ids import AccountId
from core.money import Money
from db.audit import Intact, verify
from db.engine import Work
from db.ledger import drifts
from db.stores import stored
from payments.card import CardEntry, CardField
from payments.desk import Desk
from payments.gateways.sandbox.books import Books
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.limits import Limits
from payments.reconcile import Patience, Reconciler
from payments.route import FirstRoute
from payments.session import OPEN, State
from payments.store import Payment
from payments.stores import Stores
from payments.taken import Order
from payments.vault import Vault

VISA = b"4242424242424242"
DUE = Money(12_550, "USD")
AT_ONCE = Patience(untouched_s=0, grace_s=0, lookup_s=5)

_BALANCE = text("SELECT coalesce(sum(amount_minor), 0)::bigint FROM ledger_entries WHERE account = :account")
_STATES = text("SELECT state FROM payments ORDER BY id")


@dataclass(frozen=True)
class Branch:
    """One node: its desk, its stores, and the gateway that all nodes share the books of."""

    work: Work
    stores: Stores
    gateway: SandboxGateway
    vault: Vault
    desk: Desk

    def order(self, account: str = "acct_1", number: bytes = VISA, key: str = "") -> Order:
        """A card keyed in for a bill."""
        return Order(DUE, self.vault.seal(keyed_in(number)), AccountId(account), key=key)

    def reconciler(self) -> Reconciler:
        """One that leaves nothing alone and believes at once."""
        return Reconciler(self.stores, {self.gateway.name: self.gateway}, SystemClock(), AT_ONCE)

    async def states(self) -> list[State]:
        """Of all payments, oldest first."""
        async with self.work.begin() as tx:
            return [State(state) for (state,) in await tx.execute(_STATES)]

    async def settled(self) -> None:
        """Ask after payments until none is open."""
        with anyio.fail_after(60):
            while set(await self.states()) & OPEN:
                await self.reconciler().sweep()

    async def agree(self) -> int:
        """Compare ledger and books; what both say that the gateway owes us."""
        books = sum(one.taken_minor - one.returned_minor for one in self.gateway.books.charged)
        assert await owed(self.work, self.gateway.name) == books
        return books

    async def find(self, payment: Payment) -> Payment:
        """As it stands."""
        found = await self.stores.payments.find(payment.id)
        assert found is not None
        return found


async def owed(work: Work, gateway: str) -> int:
    """What the ledger says that a gateway owes us; balances and the audit trail are checked beside."""
    assert await drifts(work) == []
    assert isinstance(await verify(work), Intact)
    async with work.begin() as tx:
        return int((await tx.execute(_BALANCE, {"account": f"gateway:{gateway}"})).scalar_one())


@asynccontextmanager
async def branch(
    work: Work, books: Books | None = None, limits: Limits | None = None
) -> AsyncIterator[Branch]:
    """A node that serves for as long as the `async with` lasts."""
    chance, vault, clock = Random(7), Vault(), SystemClock()
    gateway = SandboxGateway(chance, books, timeout_s=0.5)
    stores = stored(work, clock)
    router = FirstRoute([gateway])
    desk = Desk(stores, vault, {gateway.name: gateway}, router, clock=clock, chance=chance, limits=limits)
    async with anyio.create_task_group() as group:
        await group.start(desk.run)
        yield Branch(work, stores, gateway, vault, desk)
        await desk.drain(20)
        group.cancel_scope.cancel()


def keyed_in(number: bytes = VISA) -> CardEntry:
    """A complete card."""
    entry = CardEntry()
    fields: Sequence[tuple[CardField, bytes]] = (
        (CardField.NUMBER, number),
        (CardField.EXPIRY, b"1249"),
        (CardField.CODE, b"123"),
    )
    for field, digits in fields:
        for digit in digits:
            assert entry.append(field, digit)
        assert entry.finish(field, date(2026, 11, 20)) is None
    return entry
