"""The reconciler: asks gateways what became of payments that nobody knows the end of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import anyio
import structlog
from anyio.abc import TaskStatus

from core.clock import Clock
from core.errors import StoreLost, TellerlineError
from core.ids import PaymentId
from payments.gateway import Gateway
from payments.outcome import NotAttempted, Outcome, Pending, Unknown
from payments.session import UNSETTLED
from payments.settle import move_for
from payments.store import Payment, Payments

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
    """Settles PENDING and UNKNOWN payments; any number may run at once, on any node."""

    def __init__(
        self,
        payments: Payments,
        gateways: Mapping[str, Gateway],
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self._payments, self._gateways, self._clock = payments, gateways, clock
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
        """Look up every payment that is due once; how many were settled. Raises StoreLost."""
        due = await self._payments.unsettled(timedelta(seconds=self._patience.untouched_s))
        settled = 0
        for payment in due:
            settled += await self._settle(payment)
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
        outcome = await self._asked(gateway, payment)
        if not self._believed(outcome, payment):
            log.info("payment is still open", payment=payment.id, gateway=gateway.name)
            return False
        written = await self._payments.move(payment.id, move_for(outcome))
        log.info("payment reconciled", payment=payment.id, state=written.state.value, gateway=gateway.name)
        return written.state not in UNSETTLED

    async def _asked(self, gateway: Gateway, payment: Payment) -> Outcome:
        try:
            with anyio.fail_after(self._patience.lookup_s):
                return await gateway.lookup(payment.id, payment.ref)
        except Exception as error:  # one payment's trouble must not keep the others waiting
            log.warning("lookup failed", payment=payment.id, error=type(error).__name__)
            return Unknown(type(error).__name__)

    def _believed(self, outcome: Outcome, payment: Payment) -> bool:
        match outcome:
            case Unknown() | Pending():
                return False
            case NotAttempted():
                age = self._clock.now() - payment.created_at
                return age >= timedelta(seconds=self._patience.grace_s)
            case _:
                return True
