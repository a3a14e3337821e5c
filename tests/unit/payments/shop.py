"""A desk with all that it needs, in memory and in virtual time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from anyio.abc import TaskGroup

from core.clock import Clock
from core.errors import StoreLost
from core.ids import AccountId, CallId, PaymentId
from core.money import Money
from payments.attempt import Attempt
from payments.card import CardEntry
from payments.desk import Desk
from payments.gateway import Gateway
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.memory import MemoryPayments
from payments.memory_money_back import memory_stores
from payments.reconcile import Patience, Reconciler
from payments.risk import Fraud
from payments.route import FirstRoute
from payments.session import State
from payments.store import Move, Opened, Payment
from payments.taken import Order
from payments.vault import Vault

KeyedIn = Callable[[bytes], CardEntry]
VISA = b"4242424242424242"
SILENT = b"4000000000001109"
DUE = Money(12550, "USD")


class ShakyPayments(MemoryPayments):
    """A store that can be away."""

    away = False

    async def open(self, payment: Payment, attempt: Attempt | None = None) -> Opened:
        self._answer()
        return await super().open(payment, attempt)

    async def move(self, payment: PaymentId, move: Move) -> Payment:
        self._answer()
        return await super().move(payment, move)

    def _answer(self) -> None:
        if self.away:
            raise StoreLost("the database is away")


@dataclass
class Shop:
    """A desk with all that it needs."""

    group: TaskGroup
    clock: Clock
    keyed_in: KeyedIn
    store: ShakyPayments
    chance: Random = field(default_factory=lambda: Random(7))
    vault: Vault = field(default_factory=Vault)

    def __post_init__(self) -> None:
        self.gateway = SandboxGateway(self.chance)
        self.stores = memory_stores(self.store)
        self.desk = self.opened()

    def opened(self, *others: Gateway, chance: Random | None = None, fraud: Fraud | None = None) -> Desk:
        """A desk whose first gateway is whatever `gateway` is at that moment."""
        gateways = [self.gateway, *others]
        named = {gateway.name: gateway for gateway in gateways}
        router = FirstRoute(gateways)
        chance = chance or self.chance
        return Desk(self.stores, self.vault, named, router, clock=self.clock, chance=chance, fraud=fraud)

    def order(self, number: bytes = VISA, account: str = "acct_1") -> Order:
        card = self.vault.seal(self.keyed_in(number))
        return Order(DUE, card, AccountId(account), CallId("call_1"), "bill 1")

    def states(self) -> list[State]:
        return [payment.state for payment in self.store.all]

    def reconciler(self, grace_s: float = 600) -> Reconciler:
        return Reconciler(self.stores, {"sandbox": self.gateway}, self.clock, Patience(grace_s=grace_s))
