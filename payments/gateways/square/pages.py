"""Pages of Square's on which a payer pays: https://developer.squareup.com/docs/checkout-api."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.ids import PaymentId, made_at_ms
from payments.client import Client
from payments.currencies import Currencies
from payments.gateway import PAGE_OVER
from payments.gateways.square import answers
from payments.gateways.square.answers import Json
from payments.orders import Page, PageOrder
from payments.outcome import DeclineCode, Declined, NotAttempted, Outcome, RequiresAction, Unknown

PREFIX: Final = "order:"
"""What the ref of a page begins with: the order's id follows, and a charge has an id of its own."""

_OURS: Final = "pay_"


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes checkout links, and asks what became of their orders."""

    client: Client
    headers: Mapping[str, str]
    currencies: Currencies
    location: str

    async def made(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """A link for one payment; our id goes along as the note of whatever payment is made on it."""
        count = self.currencies.count(order.amount)
        if count is None:
            return NotAttempted(f"this Square location cannot charge {order.amount}")
        item = {
            "name": order.description[:512] or "Payment",
            "quantity": "1",
            "base_price_money": {"amount": count, "currency": order.amount.currency},
        }
        asked = {
            "idempotency_key": order.key,
            "order": {"location_id": self.location, "reference_id": order.payment, "line_items": [item]},
            "checkout_options": {"redirect_url": order.return_url},
            "payment_note": order.payment,
        }
        body = json.dumps(asked).encode()
        reply = await self.client.ask("POST", "/v2/online-checkout/payment-links", self.headers, body)
        link = answers.of_reply(reply, "payment_link")
        return Page(f"{PREFIX}{link['order_id']}", link["url"]) if isinstance(link, Mapping) else link

    async def became(self, ref: str) -> Outcome:
        """What became of the page `ref`: what its order was paid with."""
        order = await self._object(f"/v2/orders/{ref.removeprefix(PREFIX)}", "order")
        if not isinstance(order, Mapping):
            return order
        if tenders := order.get("tenders"):
            payment = await self._object(f"/v2/payments/{tenders[-1]['payment_id']}", "payment")
            return answers.of_payment(payment) if isinstance(payment, Mapping) else payment
        if order.get("state") == "CANCELED":
            return Declined(DeclineCode.OTHER, PAGE_OVER, ref)
        return RequiresAction(ref, "")

    async def _object(self, path: str, name: str) -> Json | Unknown:
        found = answers.of_reply(await self.client.ask("GET", path, self.headers), name)
        if isinstance(found, Mapping):
            return found
        return Unknown(getattr(found, "why", "") or f"Square did not tell of {path}")


def payment_of(payment: Json) -> PaymentId | None:
    """Our id of a payment, and where it was made on a page, of that."""
    ours = payment.get("reference_id") or (payment["note"] if on_a_page(payment) else "")
    return PaymentId(ours) if ours else None


def on_a_page(payment: Json) -> bool:
    """Whether a payment was made on a page: whoever is refused there may try again."""
    note = str(payment.get("note") or "")
    return not payment.get("reference_id") and note.startswith(_OURS) and made_at_ms(note) is not None
