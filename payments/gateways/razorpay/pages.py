"""Pages of Razorpay's on which a payer pays: https://razorpay.com/docs/api/payments/payment-links/."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from payments.currencies import Currencies
from payments.gateways.razorpay.answers import Json
from payments.gateways.razorpay.speaker import Speaker
from payments.orders import Page, PageOrder
from payments.outcome import Declined, NotAttempted, Unknown

_TAKEN: Final = "already exists"


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes payment links; Razorpay takes each reference once."""

    speaker: Speaker
    currencies: Currencies

    async def made(self, order: PageOrder, *, upi_to: str = "") -> Page | Declined | NotAttempted | Unknown:
        """A link for one payment; the one that there is, when it was made before.

        With `upi_to` it is paid by UPI alone, and Razorpay sends it to that telephone number.
        """
        count = self.currencies.count(order.amount)
        if count is None:
            return NotAttempted(f"this Razorpay account cannot charge {order.amount}")
        asked: dict[str, object] = {
            "amount": count,
            "currency": order.amount.currency,
            "accept_partial": False,
            "reference_id": order.payment,
            "description": order.description[:2048] or "Payment",
            "expire_by": int(order.expires_at.timestamp()),
            "notify": {"sms": False, "email": False},
            "reminder_enable": False,
            "notes": {"payment": order.payment, "page": "1"},
            "callback_url": order.return_url,
            "callback_method": "get",
        }
        if upi_to:
            asked |= {"upi_link": "true", "customer": {"contact": upi_to}}
            asked["notify"] = {"sms": True, "email": False}
        made = await self.speaker.post("/v1/payment_links", asked)
        if isinstance(made, NotAttempted) and _TAKEN in made.why:
            return await self._known(order)
        return _page(made) if isinstance(made, Mapping) else made

    async def _known(self, order: PageOrder) -> Page | Unknown:
        found = await self.speaker.get("/v1/payment_links", {"reference_id": order.payment})
        if not isinstance(found, Mapping):
            return found
        made = [one for one in found["payment_links"] if one.get("reference_id") == order.payment]
        return _page(made[0]) if made else Unknown(f"Razorpay has a link for {order.payment} and lists none")


def _page(link: Json) -> Page:
    return Page(link["id"], link["short_url"])
