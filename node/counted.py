"""Facts and payments that are counted on their way to where they are kept."""

from datetime import timedelta

from core.events import Fact, Facts
from core.ids import PaymentId
from node.observe import Metrics
from payments.attempt import Attempt
from payments.store import Move, Opened, Payment, Payments, Repeated


class CountedFacts:
    """Facts that are counted on their way to where they are kept."""

    def __init__(self, facts: Facts, metrics: Metrics) -> None:
        self._facts, self._metrics = facts, metrics

    def tell(self, fact: Fact) -> None:
        """Count it and hand it on."""
        self._metrics.count(fact)
        self._facts.tell(fact)


class CountedPayments:
    """Payments that are counted when they reach a state."""

    def __init__(self, payments: Payments, metrics: Metrics) -> None:
        self._payments, self._metrics = payments, metrics

    async def open(self, payment: Payment, attempt: Attempt | None = None) -> Opened:
        """As `Payments.open`."""
        return await self._payments.open(payment, attempt)

    async def note(self, attempt: Attempt) -> Repeated | None:
        """As `Payments.note`."""
        return await self._payments.note(attempt)

    async def attempted(self, key: str) -> Repeated | None:
        """As `Payments.attempted`."""
        return await self._payments.attempted(key)

    async def move(self, payment: PaymentId, move: Move) -> Payment:
        """As `Payments.move`; counted when the payment really went there."""
        moved = await self._payments.move(payment, move)
        if moved.state is move.to:
            self._metrics.moved(moved.gateway, moved.state)
        return moved

    async def find(self, payment: PaymentId) -> Payment | None:
        """As `Payments.find`."""
        return await self._payments.find(payment)

    async def charged_as(self, gateway: str, ref: str) -> Payment | None:
        """As `Payments.charged_as`."""
        return await self._payments.charged_as(gateway, ref)

    async def unsettled(self, older_than: timedelta) -> list[Payment]:
        """As `Payments.unsettled`."""
        return await self._payments.unsettled(older_than)
