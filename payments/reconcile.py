"""The reconciler: asks gateways what became of payments that nobody knows the end of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import anyio
import structlog
from anyio.abc import TaskStatus

from core.clock import Clock
from core.errors import StoreLost, TellerlineError
from core.ids import PaymentId
from payments.asking import asked
from payments.gateway import REFUND, Gateway
from payments.outcome import NotAttempted, Outcome, Pending, Unknown
from payments.refunds import OPEN_REFUND, Refund
from payments.returning import order_of, step_for
from payments.session import OPEN, UNSETTLED
from payments.settle import move_for
from payments.store import Payment
from payments.stores import Stores

log = structlog.stdlib.get_logger(__name__)


class Unsettled(TellerlineError):
    """A payment is still open: whoever asked tries again later."""


@dataclass(frozen=True, slots=True)
class Patience:
    """When a payment is looked up, and when silence about it counts.

    A payment is left alone for `untouched_s`, longer than the desk works on one, so that only what a
    dead process left is picked up. "Never heard of it" is believed once the payment is `grace_s` old,
    when nothing that was sent can still arrive.
    """

    every_s: float = 15.0
    untouched_s: float = 90.0
    grace_s: float = 600.0
    lookup_s: float = 20.0


class Reconciler:
    """Settles open payments and refunds; any number may run at once, on any node."""

    def __init__(
        self,
        stores: Stores,
        gateways: Mapping[str, Gateway],
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self._payments, self._refunds = stores.payments, stores.refunds
        self._gateways, self._clock = gateways, clock
        self._patience = patience or Patience()

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Sweep again and again until cancelled; belongs to the node's task group."""
        task_status.started()
        while True:
            try:
                await self.sweep()
            except StoreLost as error:
                log.warning("reconciling waits for the store", error=str(error))
            await anyio.sleep(self._patience.every_s)

    async def sweep(self) -> int:
        """Look up every payment and refund that is due once; how many were settled. Raises StoreLost."""
        due = await self._payments.unsettled(timedelta(seconds=self._patience.untouched_s))
        settled = 0
        for payment in due:
            settled += await self._settle(payment)
        for refund in await self._refunds.unsettled(timedelta(seconds=self._patience.untouched_s)):
            settled += await self._settle_refund(refund)
        return settled

    async def settle(self, payment: PaymentId) -> None:
        """Look one payment up now. Raises StoreLost, and Unsettled while the gateway cannot tell."""
        found = await self._payments.find(payment)
        if found is not None and found.state in UNSETTLED and not await self._settle(found):
            raise Unsettled(f"the gateway cannot tell yet what became of {payment}: it is asked again later")

    async def _settle(self, payment: Payment) -> bool:
        gateway = self._gateways.get(payment.gateway)
        if gateway is None:
            log.error("payment of a gateway that is not set up", payment=payment.id, gateway=payment.gateway)
            return False
        lookup = partial(gateway.lookup, payment.id, payment.ref)
        outcome = await asked(gateway, lookup, self._patience.lookup_s)
        move = move_for(outcome, payment) if self._believed(outcome, payment.created_at) else None
        if move is None:
            log.info("payment is still open", payment=payment.id, gateway=gateway.name)
            return False
        written = await self._payments.move(payment.id, move)
        log.info("payment reconciled", payment=payment.id, state=written.state.value, gateway=gateway.name)
        return written.state not in OPEN

    async def _settle_refund(self, refund: Refund) -> bool:
        gateway = self._gateways.get(refund.gateway)
        refunds = REFUND.of(gateway) if gateway is not None else None
        if refunds is None:
            log.error("refund at a gateway that is not set up", refund=refund.id, gateway=refund.gateway)
            return False
        lookup = partial(refunds.lookup_refund, order_of(refund))
        outcome = await asked(refunds, lookup, self._patience.lookup_s)
        if not self._believed(outcome, refund.created_at):
            log.info("refund is still open", refund=refund.id, gateway=refund.gateway)
            return False
        to, ref, reason = step_for(outcome)
        written = await self._refunds.settle(refund.id, to, ref, reason)
        log.info("refund reconciled", refund=refund.id, state=written.state.value, gateway=refund.gateway)
        return written.state not in OPEN_REFUND

    def _believed(self, outcome: Outcome, written_at: datetime) -> bool:
        match outcome:
            case Unknown() | Pending():
                return False
            case NotAttempted():
                age = self._clock.now() - written_at
                return age >= timedelta(seconds=self._patience.grace_s)
            case _:
                return True
