"""Pages of Stripe's on which a payer pays: https://docs.stripe.com/payments/checkout."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import stripe
from stripe.params.checkout import SessionCreateParams

from core.ids import made_at_ms
from payments.gateway import PAGE_OVER
from payments.gateways.stripe import answers
from payments.gateways.stripe.amounts import CURRENCIES
from payments.orders import Page, PageOrder
from payments.outcome import DeclineCode, Declined, NotAttempted, Outcome, RequiresAction, Unknown

PREFIX: Final = "cs_"
_SOONEST: Final = timedelta(minutes=31)  # Stripe takes 30 minutes to 24 hours, by its own clock
_LATEST: Final = timedelta(hours=23, minutes=50)


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes Checkout sessions, and asks what became of them."""

    client: stripe.StripeClient

    async def made(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """A page for one payment; it may end before the link does, and the link then gets another."""
        count = CURRENCIES.count(order.amount)
        if count is None:
            return NotAttempted(f"Stripe cannot charge {order.amount}")
        try:
            params = _params(order, count)
            session = await self.client.v1.checkout.sessions.create_async(
                params, {"idempotency_key": order.key}
            )
        except answers.NO_ANSWER as error:
            return answers.of_failure(error)
        return Page(session.id, session.url or "")

    async def ended(self, ref: str) -> Outcome:
        """Expire the session; one that is complete, or over, cannot be, and says so itself."""
        try:
            await self.client.v1.checkout.sessions.expire_async(ref)
        except stripe.InvalidRequestError:
            pass
        except answers.NO_ANSWER as error:
            return Unknown(f"no answer from Stripe ({type(error).__name__})")
        return await self.became(ref)

    async def became(self, ref: str) -> Outcome:
        """What became of the session `ref`."""
        try:
            session = await self.client.v1.checkout.sessions.retrieve_async(ref)
            if session.status == "complete" and isinstance(session.payment_intent, str):
                intent = await self.client.v1.payment_intents.retrieve_async(session.payment_intent)
                return answers.of_intent(intent.to_dict())
        except answers.NO_ANSWER as error:
            return Unknown(f"no answer from Stripe ({type(error).__name__})")
        if session.status == "expired":
            return Declined(DeclineCode.OTHER, PAGE_OVER, ref)
        return RequiresAction(ref, session.url or "")


def _params(order: PageOrder, count: int) -> SessionCreateParams:
    until = _until(order)
    return {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.amount.currency.lower(),
                    "unit_amount": count,
                    "product_data": {"name": order.description or "Payment"},
                },
            }
        ],
        # whose card is refused takes another on the page: `page` tells our webhooks that this is no end
        "payment_intent_data": {"metadata": {"payment": order.payment, "page": "1"}},
        "client_reference_id": order.payment,
        "success_url": order.return_url,
        "cancel_url": order.return_url,
        "expires_at": int(until.timestamp()),
    }


def _until(order: PageOrder) -> datetime:
    """When the session ends, counted from when the payment was written: the same order says the same."""
    at_ms = made_at_ms(order.payment)
    if at_ms is None:
        return order.expires_at
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return min(max(order.expires_at, at + _SOONEST), at + _LATEST)
