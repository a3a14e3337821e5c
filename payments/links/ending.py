"""Ending a page on which nobody paid, so that its bill may be paid otherwise, and never twice."""

from collections.abc import Mapping, Sequence

import structlog

from core.ids import PaymentId
from payments.asking import asked
from payments.gateway import END_PAGE, Gateway
from payments.outcome import Approved, Declined, Outcome
from payments.settle import move_for
from payments.store import Payment, Payments

log = structlog.stdlib.get_logger(__name__)


class Ending:
    """Ends pages of any of the gateways."""

    def __init__(self, payments: Payments, gateways: Mapping[str, Gateway], within_s: float = 10.0) -> None:
        self._payments, self._gateways, self._within_s = payments, gateways, within_s

    async def end(self, payment: PaymentId) -> bool:
        """Whether the payment is over now, taken or not; what is on no page, or cannot be ended, stays.

        Of a gateway that ends no pages it is asked what became of this one. Raises StoreLost.
        """
        found = await self._payments.find(payment)
        gateway = self._gateways.get(found.gateway) if found is not None else None
        if found is None or gateway is None or not found.on_a_page or not found.ref:
            return False
        outcome = await asked(gateway, lambda: _ended(gateway, found), self._within_s)
        move = move_for(outcome, found) if isinstance(outcome, Approved | Declined) else None
        if move is None:
            log.warning("page cannot be ended", payment=payment, answer=type(outcome).__name__)
            return False
        await self._payments.move(payment, move)
        return True


async def _ended(gateway: Gateway, payment: Payment) -> Outcome:
    ends = END_PAGE.of(gateway)
    return await (ends.end_page(payment.ref) if ends else gateway.lookup(payment.id, payment.ref))


def by_name(gateways: Sequence[Gateway]) -> dict[str, Gateway]:
    """Gateways by their names."""
    return {gateway.name: gateway for gateway in gateways}
