"""Finding a payment at Razorpay: by its id, by its link, or by our receipt on its order."""

from collections.abc import Mapping

from core.ids import PaymentId
from payments.gateways.razorpay import answers
from payments.gateways.razorpay.speaker import Speaker
from payments.outcome import Approved, NotAttempted, Outcome, Unknown

LINK = "plink_"
_NOT_FOUND = "Razorpay never heard of it"


class Finding:
    """Looks things up; nothing that it does moves money."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def found(self, payment: PaymentId, ref: str) -> Outcome:
        """What became of a payment."""
        if ref.startswith(LINK):
            link = await self._speaker.get(f"/v1/payment_links/{ref}")
            return answers.of_link(link) if isinstance(link, Mapping) else link
        if ref:
            return await self.by_ref(ref)
        order = await self.order(payment)
        if isinstance(order, Mapping):
            return await self.by_order(order)
        return order if isinstance(order, Unknown) else await self._by_link(payment)

    async def by_ref(self, ref: str) -> Outcome:
        """The payment `ref`."""
        made = await self._speaker.get(f"/v1/payments/{ref}")
        return answers.of_payment(made) if isinstance(made, Mapping) else made

    async def by_order(self, order: answers.Json) -> Outcome:
        """What an order came to: what was taken for it, else its newest attempt."""
        made = await self._speaker.get(f"/v1/orders/{order['id']}/payments")
        if not isinstance(made, Mapping):
            return made
        outcomes = [answers.of_payment(one) for one in made["items"]]
        taken = [one for one in outcomes if isinstance(one, Approved)]
        return taken[0] if taken else outcomes[0] if outcomes else NotAttempted(_NOT_FOUND)

    async def order(self, payment: PaymentId) -> answers.Json | Unknown | None:
        """The order with our receipt; None when there is none."""
        found = await self._speaker.get("/v1/orders", {"receipt": payment})
        if not isinstance(found, Mapping):
            return found
        made: list[answers.Json] = [one for one in found["items"] if one.get("receipt") == payment]
        return made[0] if made else None

    async def _by_link(self, payment: PaymentId) -> Outcome:
        found = await self._speaker.get("/v1/payment_links", {"reference_id": payment})
        if not isinstance(found, Mapping):
            return found
        made = [one for one in found["payment_links"] if one.get("reference_id") == payment]
        return answers.of_link(made[0]) if made else NotAttempted(_NOT_FOUND)
