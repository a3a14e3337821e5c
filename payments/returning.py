"""Giving money back: reserved first, so that no more goes back than came, whoever asks and however often."""

from collections.abc import Mapping

import anyio
import structlog

from core.clock import Clock
from core.errors import StoreLost
from core.ids import PaymentId, new_refund_id
from core.money import Money
from payments.asking import asked
from payments.capabilities import Can
from payments.gateway import REFUND, Gateway, Refunds
from payments.limits import Limits
from payments.mistakes import CannotDo, NoSuchPayment, UnknownGateway, must_be_positive
from payments.orders import RefundOrder
from payments.outcome import Approved, Declined, NotAttempted, Outcome, Pending, RequiresAction, Unknown
from payments.refunds import Refund, RefundAsked, RefundState, TooMuchBack
from payments.stores import Stores

log = structlog.stdlib.get_logger(__name__)

_FIRST_WAIT_S = 0.2
_LONGEST_WAIT_S = 15.0


class Returning:
    """Refunds payments."""

    def __init__(self, stores: Stores, gateways: Mapping[str, Gateway], clock: Clock, limits: Limits) -> None:
        self._payments, self._refunds = stores.payments, stores.refunds
        self._gateways, self._clock, self._limits = gateways, clock, limits
        # many at once wait here, and not for the store's connections, which others need too
        self._turns = anyio.Semaphore(limits.refunds_at_once)

    async def refund(
        self, payment: PaymentId, amount: Money | None, key: str, reason: str
    ) -> Refund | TooMuchBack:
        """Give money back, all that is left without `amount`; the refund as it then stands.

        DONE, FAILED with its reason, or UNKNOWN until the gateway was asked what it did. The same key again
        is the same refund. Raises NoSuchPayment, BadAmount, KeyReused, CannotDo, UnknownGateway, StoreLost.
        """
        if amount is not None:
            must_be_positive(amount)
        asked_for = RefundAsked(new_refund_id(), payment, amount, key, self._clock.now(), reason)
        async with self._turns:
            refunds = await self._able(payment, amount)
            reserved = await self._refunds.reserve(asked_for)
        if isinstance(reserved, TooMuchBack) or reserved.id != asked_for.id:
            return reserved
        order = order_of(reserved)
        outcome = await asked(refunds, lambda: refunds.refund(order), self._limits.purchase_s)
        return await self._settled(reserved, outcome)

    async def _able(self, payment: PaymentId, amount: Money | None) -> Refunds:
        found = await self._payments.find(payment)
        if found is None:
            raise NoSuchPayment(payment)
        gateway = self._gateways.get(found.gateway)
        if gateway is None:
            raise UnknownGateway(found.gateway)
        refunds = REFUND.of(gateway)
        if refunds is None:
            raise CannotDo(f"{gateway.name} gives nothing back: pay {payment} back by other means")
        whole = found.captured_minor
        if amount and amount.minor < whole and Can.PARTIAL_REFUND not in gateway.capabilities.can:
            raise CannotDo(f"{gateway.name} gives back the whole only, not {amount} of {payment}")
        return refunds

    async def _settled(self, refund: Refund, outcome: Outcome) -> Refund:
        """Written down for as long as it takes; the reconciler finds it again if the process dies."""
        to, ref, reason = step_for(outcome)
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                async with self._turns:
                    return await self._refunds.settle(refund.id, to, ref, reason)
            except StoreLost as error:
                log.warning("answer about a refund not written yet", refund=refund.id, error=str(error))
                await anyio.sleep(wait_s)
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)


def order_of(refund: Refund) -> RefundOrder:
    """The order that a refund is, the same however often it is made."""
    return RefundOrder(refund.id, refund.payment, refund.charge_ref, refund.amount, refund.key, refund.reason)


def step_for(outcome: Outcome) -> tuple[RefundState, str, str]:
    """What a gateway's answer means for a refund: where it goes, the gateway's ref, and the reason."""
    match outcome:
        case Approved(ref):
            return RefundState.DONE, ref, ""
        case Declined(code, gateway_code, _):
            return RefundState.FAILED, "", f"{code.value} ({gateway_code})"
        case NotAttempted(why):
            return RefundState.FAILED, "", why
        case RequiresAction(ref) | Pending(ref):
            return RefundState.UNKNOWN, ref, "the gateway will say later"
        case Unknown(why):
            return RefundState.UNKNOWN, "", why
