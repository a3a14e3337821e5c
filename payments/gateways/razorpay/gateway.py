"""Razorpay as a gateway: payment links, mandates and UPI collect, each through an order that is paid once."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from core.ids import PaymentId
from core.money import Money
from payments.gateways.razorpay import answers, report
from payments.gateways.razorpay.account import Account, capabilities_of
from payments.gateways.razorpay.finding import Finding
from payments.gateways.razorpay.pages import Pages
from payments.gateways.razorpay.speaker import Speaker
from payments.gateways.razorpay.webhooks import noticed
from payments.notice import Distrusted, Notice
from payments.orders import Charge, CollectOrder, Page, PageOrder, RefundOrder
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, Pending, Unknown
from payments.scrub import scrubbed
from payments.settlement_row import SettlementRow

_PAGE = 100


class RazorpayGateway:
    """Razorpay. Make it inside the running loop, and `close` it at the end.

    Our payment id is the receipt of an order, of which there is one for each payment and which Razorpay lets
    be paid once; of a payment link it is the reference, which Razorpay takes once. It goes along in the
    notes, as our refund id does.
    """

    def __init__(self, account: Account) -> None:
        self.name, self.capabilities = account.name, capabilities_of(account)
        self._account = account
        self._speaker = Speaker(account)
        self._finding = Finding(self._speaker)
        self._pages = Pages(self._speaker, self.capabilities.currencies)

    async def close(self) -> None:
        """Give the connections back."""
        await self._speaker.close()

    async def purchase(self, charge: Charge) -> Outcome:
        """Charge a token that its holder gave a mandate for."""
        order = await self._order(charge.payment, charge.amount)
        if not isinstance(order, Mapping):
            return order
        if order.get("attempts"):  # our own, from before: what came of it counts
            return await self._finding.by_order(order)
        asked = {
            **self._payer(charge.amount, order, charge.payment),
            "customer_id": charge.token.owner,
            "token": charge.token.value,
            "recurring": True,
            "description": charge.description[:255],
        }
        made = await self._speaker.post("/v1/payments/create/recurring", asked)
        return await self._seen(made)

    async def collect(self, order: CollectOrder) -> Outcome:
        """Ask a payer's UPI app for money; Pending until they say yes or no."""
        opened = await self._order(order.payment, order.amount)
        if not isinstance(opened, Mapping):
            return opened
        if opened.get("attempts"):
            return await self._finding.by_order(opened)
        minutes = max(5, round(order.lasts.total_seconds() / 60))
        asked = {
            **self._payer(order.amount, opened, order.payment),
            "method": "upi",
            "description": order.description[:255],
            "upi": {"flow": "collect", "vpa": order.address, "expiry_time": minutes},
        }
        return await self._seen(await self._speaker.post("/v1/payments/create/upi", asked))

    async def refund(self, order: RefundOrder) -> Outcome:
        """Give money back; Razorpay refuses more than was captured."""
        if (count := self.capabilities.currencies.count(order.amount)) is None:
            return Declined(DeclineCode.NOT_SUPPORTED, f"{order.amount} is no amount for Razorpay", order.ref)
        asked = {
            "amount": count,
            "speed": "normal",
            "receipt": order.id,
            "notes": {"refund": order.id, "payment": order.payment},
        }
        path = f"/v1/payments/{order.ref}/refund"
        made = await self._speaker.post(path, asked, order.ref, X_Refund_Idempotency=order.key)
        return answers.of_refund(made) if isinstance(made, Mapping) else made

    async def lookup_refund(self, order: RefundOrder) -> Outcome:
        """What became of a refund, from those of its payment."""
        found = await self._speaker.get(f"/v1/payments/{order.ref}/refunds", {"count": str(_PAGE)})
        if not isinstance(found, Mapping):
            return found
        for refund in found["items"]:
            if (refund.get("notes") or {}).get("refund") == order.id:
                return answers.of_refund(refund)
        if found["count"] >= _PAGE:
            return Unknown(f"not among the {_PAGE} newest refunds of {order.ref}")
        return NotAttempted("Razorpay never heard of it")

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        """What became of a payment: by its own id, its link's, or from the order with our receipt."""
        return await self._finding.found(payment, ref)

    async def link(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """A payment link."""
        return await self._pages.made(order)

    async def request(self, order: PageOrder, to: str) -> Page | Declined | NotAttempted | Unknown:
        """A UPI payment link, which Razorpay sends by text message."""
        return await self._pages.made(order, upi_to=to)

    async def end_page(self, ref: str) -> Outcome:
        """Cancel a payment link, and say what became of it; one that was paid cannot be cancelled."""
        await self._speaker.post(f"/v1/payment_links/{ref}/cancel", {})
        return await self.lookup(PaymentId(""), ref)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice | Distrusted:
        """Check `X-Razorpay-Signature`, then read the event."""
        return noticed(self._account, self.capabilities.currencies, body, headers, now)

    def settlement_rows(self, file: BinaryIO) -> Iterator[SettlementRow]:
        """Read a settlement recon report."""
        return report.read(file)

    def scrub(self, transcript: str) -> str:
        """The transcript without card numbers, codes and keys."""
        return scrubbed(transcript)

    async def _order(self, payment: PaymentId, amount: Money) -> answers.Json | answers.Failed:
        """The one order of a payment, made when there is none."""
        count = self.capabilities.currencies.count(amount)
        if count is None:
            return NotAttempted(f"this Razorpay account cannot charge {amount}")
        known = await self._finding.order(payment)
        if isinstance(known, Unknown):
            return NotAttempted(known.why)  # no money was asked for yet
        if known is not None:
            same = (known["amount"], known["currency"]) == (count, amount.currency)
            return known if same else Unknown("the key was used for another order")
        asked = {
            "amount": count,
            "currency": amount.currency,
            "receipt": payment,
            "notes": {"payment": payment},
            "payment": {"capture": "automatic"},
        }
        made = await self._speaker.post("/v1/orders", asked)
        return NotAttempted(made.why) if isinstance(made, Unknown) else made

    def _payer(self, amount: Money, order: answers.Json, payment: PaymentId) -> dict[str, object]:
        return {
            "email": self._account.email,
            "contact": self._account.contact,
            "amount": order["amount"],
            "currency": amount.currency,
            "order_id": order["id"],
            "notes": {"payment": payment},
        }

    async def _seen(self, made: answers.Json | answers.Failed) -> Outcome:
        """A payment that was begun tells its id alone, so it is looked at."""
        if not isinstance(made, Mapping):
            return made
        ref = str(made["razorpay_payment_id"])
        outcome = await self._finding.by_ref(ref)
        return outcome if isinstance(outcome, Approved | Declined | Pending) else Pending(ref)
