"""Pages of PayPal's on which a payer pays: https://developer.paypal.com/docs/checkout/standard/integrate/."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from payments.client import Said
from payments.currencies import Currencies
from payments.gateway import PAGE_OVER
from payments.gateways.paypal import answers
from payments.gateways.paypal.speaker import Speaker
from payments.orders import Page, PageOrder
from payments.outcome import DeclineCode, Declined, NotAttempted, Outcome, RequiresAction, Unknown

PREFIX: Final = "order:"
"""What the ref of a page begins with: the order's id follows, and a charge has an id of its own."""

_NOT_FOUND: Final = 404  # an order that nobody approved is dropped after some hours
_APPROVED: Final = "APPROVED"


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes orders that a payer approves at PayPal, and takes the money once they did."""

    speaker: Speaker
    currencies: Currencies

    async def made(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """An order with the address where it is approved; the same for the same key."""
        value = self.currencies.decimal(order.amount)
        if value is None:
            return NotAttempted(f"PayPal cannot charge {order.amount}")
        unit: dict[str, object] = {
            "custom_id": order.payment,
            "invoice_id": order.payment,
            "amount": {"currency_code": order.amount.currency, "value": value},
        }
        if order.description:
            unit["description"] = order.description[:127]
        context = {
            "return_url": order.return_url,
            "cancel_url": order.return_url,
            "user_action": "PAY_NOW",
            "shipping_preference": "NO_SHIPPING",
        }
        asked = {
            "intent": "CAPTURE",
            "payment_source": {"paypal": {"experience_context": context}},
            "purchase_units": [unit],
        }
        reply = await self.speaker.ask("POST", "/v2/checkout/orders", asked, order.key)
        made = answers.of_reply(reply)
        if not isinstance(made, Mapping):
            return made
        return Page(f"{PREFIX}{made['id']}", answers.approval(made))

    async def ended(self, ref: str) -> Outcome:
        """A yes that the payer gave counts; later ones do not, for we never ask for their money."""
        outcome = await self.became(ref)
        return Declined(DeclineCode.OTHER, PAGE_OVER, ref) if isinstance(outcome, RequiresAction) else outcome

    async def became(self, ref: str) -> Outcome:
        """What became of the page `ref`; an approved order is captured, as often as it takes."""
        name = ref.removeprefix(PREFIX)
        order = await self._order(name)
        if isinstance(order, Mapping) and order.get("status") == _APPROVED:
            return await self._captured(name, order)
        return _outcome(order, ref) if isinstance(order, Mapping) else order

    async def _order(self, name: str) -> answers.Json | Declined | Unknown:
        reply = await self.speaker.ask("GET", f"/v2/checkout/orders/{name}")
        if isinstance(reply, Said) and reply.status == _NOT_FOUND:
            return Declined(DeclineCode.OTHER, PAGE_OVER, f"{PREFIX}{name}")
        made = answers.of_reply(reply)
        if isinstance(made, Mapping):
            return made
        return Unknown(getattr(made, "why", "") or f"PayPal did not tell of the order {name}")

    async def _captured(self, name: str, order: answers.Json) -> Outcome:
        """Take the money. Whose means are refused is sent to the same page, to choose others."""
        reply = await self.speaker.ask("POST", f"/v2/checkout/orders/{name}/capture", {})
        made = answers.of_reply(reply)
        if isinstance(made, Mapping):
            return answers.of_order(made)
        if isinstance(made, Declined):
            return RequiresAction(f"{PREFIX}{name}", answers.approval(order))
        return Unknown(made.why)


def _outcome(order: answers.Json, ref: str) -> Outcome:
    match order.get("status"):
        case "COMPLETED":
            return answers.of_order(order)
        case "VOIDED":
            return Declined(DeclineCode.OTHER, PAGE_OVER, ref)
        case _:
            return RequiresAction(ref, answers.approval(order))
