"""Answering disputes at Stripe: https://docs.stripe.com/disputes/api."""

from dataclasses import dataclass

import stripe
from stripe.params import DisputeUpdateParams

from payments.gateways.stripe import answers
from payments.orders import EvidenceOrder
from payments.outcome import Approved, DeclineCode, Declined, Outcome


@dataclass(frozen=True, slots=True)
class Disputes:
    """Hands evidence in and gives in, through the SDK's client."""

    client: stripe.StripeClient

    async def contest(self, order: EvidenceOrder) -> Outcome:
        """Submit evidence, which Stripe takes once."""
        params: DisputeUpdateParams = {"evidence": {"uncategorized_text": order.text}, "submit": True}
        try:
            made = await self.client.v1.disputes.update_async(
                order.dispute, params, {"idempotency_key": order.key}
            )
        except answers.NO_ANSWER as error:
            return _refused(error, order.dispute)
        return Approved(made.id)

    async def concede(self, dispute: str, key: str) -> Outcome:
        """Close the dispute, which is lost then."""
        try:
            made = await self.client.v1.disputes.close_async(dispute, {}, {"idempotency_key": key})
        except answers.NO_ANSWER as error:
            return _refused(error, dispute)
        return Approved(made.id)


def _refused(error: BaseException, dispute: str) -> Outcome:
    if isinstance(error, stripe.InvalidRequestError):
        return Declined(DeclineCode.NOT_SUPPORTED, error.code or "invalid_request", dispute)
    return answers.of_error(error, dispute)
