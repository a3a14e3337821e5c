"""PayPal as a gateway: the card over our own wire, orders and payments by its REST API."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO, Literal

from core.clock import Clock
from core.ids import PaymentId
from core.money import Money
from payments.card import CardEntry
from payments.client import Said
from payments.gateways.paypal import answers, finding, report
from payments.gateways.paypal.account import Account, capabilities_of
from payments.gateways.paypal.cards import FORM, Vault, of_card
from payments.gateways.paypal.disputes import Disputes
from payments.gateways.paypal.pages import PREFIX, Pages
from payments.gateways.paypal.speaker import Speaker
from payments.gateways.paypal.webhooks import noticed
from payments.notice import Distrusted, Notice
from payments.orders import Charge, EvidenceOrder, Initiator, Owner, Page, PageOrder, RefundOrder, Token
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, RequiresAction, Unknown
from payments.scrub import scrubbed
from payments.settlement_row import SettlementRow
from payments.tls import checked
from payments.wire import Wire

_DONE = 204


class PayPalGateway:
    """PayPal. Make it inside the running loop, and `close` it at the end.

    A `ref` is the capture's id; of money that is only reserved, the authorization's. Our payment id goes
    along as `custom_id`, and as `invoice_id`, of which PayPal takes each one once.
    """

    def __init__(self, account: Account, clock: Clock) -> None:
        self.name, self.capabilities = account.name, capabilities_of(account)
        self._account, self._clock = account, clock
        self._wire = Wire(account.url, checked(account.authority), account.connect_s, answer_s=10.0)
        self._speaker = Speaker(account, clock)
        self._vault = Vault(self.name, self._speaker)
        self._disputes = Disputes(self._speaker)
        self._pages = Pages(self._speaker, self.capabilities.currencies)

    async def close(self) -> None:
        """Give the connections back."""
        await self._speaker.close()

    @property
    def cards_go_to(self) -> str:
        """The URL that card numbers are sent to."""
        return self._account.url

    async def tokenize(self, card: CardEntry, key: str) -> Token | Declined | NotAttempted | Unknown:
        """Trade the card for a set-up token, which PayPal drops after three days."""
        headers = await self._speaker.headers(key)
        if isinstance(headers, NotAttempted):
            return headers
        reply = await self._wire.post_card(card, FORM, headers)
        return reply if isinstance(reply, NotAttempted | Unknown) else of_card(self.name, reply)

    async def purchase(self, charge: Charge) -> Outcome:
        """Capture at once."""
        return await self._charge(charge, "CAPTURE")

    async def authorize(self, charge: Charge) -> Outcome:
        """Reserve the money."""
        return await self._charge(charge, "AUTHORIZE")

    async def capture(self, ref: str, amount: Money, key: str) -> Outcome:
        """Take reserved money, all or a part; the outcome's ref is the capture's."""
        if (value := self._value(amount)) is None:
            return Declined(DeclineCode.NOT_SUPPORTED, f"{amount} is no amount for PayPal", ref)
        order = {"amount": value, "final_capture": True}
        reply = await self._speaker.ask("POST", f"/v2/payments/authorizations/{ref}/capture", order, key)
        made = answers.of_reply(reply, ref)
        return answers.of_capture(made) if isinstance(made, Mapping) else made

    async def void(self, ref: str, key: str) -> Outcome:
        """Let reserved money go."""
        reply = await self._speaker.ask("POST", f"/v2/payments/authorizations/{ref}/void", {}, key)
        if isinstance(reply, Said) and reply.status == _DONE:
            return Approved(ref)
        made = answers.of_reply(reply, ref)
        return Approved(ref) if isinstance(made, Mapping) else made

    async def refund(self, order: RefundOrder) -> Outcome:
        """Give money back; PayPal refuses more than was captured."""
        if (value := self._value(order.amount)) is None:
            return Declined(DeclineCode.NOT_SUPPORTED, f"{order.amount} is no amount for PayPal", order.ref)
        asked = {"amount": value, "custom_id": order.id, "invoice_id": order.id}
        reply = await self._speaker.ask("POST", f"/v2/payments/captures/{order.ref}/refund", asked, order.key)
        made = answers.of_reply(reply, order.ref)
        return answers.of_refund(made) if isinstance(made, Mapping) else made

    async def lookup_refund(self, order: RefundOrder) -> Outcome:
        """What became of a refund, from the order of its capture."""
        capture = await self._object(f"/v2/payments/captures/{order.ref}")
        if isinstance(capture, Unknown):
            return capture
        related = capture["supplementary_data"]["related_ids"]["order_id"]
        found = await self._object(f"/v2/checkout/orders/{related}")
        if isinstance(found, Unknown):
            return found
        for refund in found["purchase_units"][0]["payments"].get("refunds") or []:
            if refund.get("custom_id") == order.id:
                return answers.of_refund(refund)
        return NotAttempted("PayPal never heard of it")

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        """What became of a payment: by `ref` at once, by our id from a report that lags three hours."""
        if ref.startswith(PREFIX):
            return await self._pages.became(ref)
        if ref:
            return await finding.found(self._speaker, ref)
        return await finding.listed(self._speaker, self._clock, payment)

    async def store(
        self, token: Token, owner: Owner, key: str
    ) -> Token | Declined | RequiresAction | NotAttempted | Unknown:
        """Keep a card in PayPal's vault for the owner."""
        return await self._vault.kept(token, key, owner)

    async def forget(self, token: Token) -> NotAttempted | Unknown | None:
        """Delete a card from PayPal's vault."""
        return await self._vault.forget(token)

    async def link(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """An order that the payer approves at PayPal."""
        return await self._pages.made(order)

    async def end_page(self, ref: str) -> Outcome:
        """End a page, and say what became of it."""
        return await self._pages.ended(ref)

    async def contest(self, order: EvidenceOrder) -> Outcome:
        """Hand evidence in against a dispute."""
        return await self._disputes.contest(order)

    async def concede(self, dispute: str, key: str) -> Outcome:
        """Accept a claim."""
        return await self._disputes.concede(dispute, key)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice | Distrusted:
        """Check the transmission's signature with PayPal's certificates, then read the event."""
        return noticed(self._account, self.capabilities.currencies, body, headers, now)

    def settlement_rows(self, file: BinaryIO) -> Iterator[SettlementRow]:
        """Read a settlement report, row by row."""
        return report.read(file)

    def scrub(self, transcript: str) -> str:
        """The transcript without card numbers, codes and keys."""
        return scrubbed(transcript)

    async def _charge(self, charge: Charge, intent: Literal["CAPTURE", "AUTHORIZE"]) -> Outcome:
        if (value := self._value(charge.amount)) is None:
            return NotAttempted(f"PayPal cannot charge {charge.amount}")
        card = charge.token
        if not card.reusable:
            kept = await self._vault.kept(card, f"{charge.key}_card")
            if not isinstance(kept, Token):
                return NotAttempted(kept.why) if isinstance(kept, Unknown) else kept  # no money was asked for
            card = kept
        unit: dict[str, object] = {
            "custom_id": charge.payment,
            "invoice_id": charge.payment,
            "amount": value,
        }
        if charge.description:
            unit["description"] = charge.description[:127]
        order = {
            "intent": intent,
            "payment_source": {
                "card": {"vault_id": card.value, "stored_credential": _credential(charge.initiator)}
            },
            "purchase_units": [unit],
        }
        reply = await self._speaker.ask("POST", "/v2/checkout/orders", order, charge.key)
        made = answers.of_reply(reply)
        outcome = answers.of_order(made) if isinstance(made, Mapping) else made
        if not charge.token.reusable and not isinstance(outcome, Unknown):
            await self._vault.forget(card)  # it was for this once
        return outcome

    def _value(self, amount: Money) -> dict[str, str] | None:
        text = self.capabilities.currencies.decimal(amount)
        return None if text is None else {"currency_code": amount.currency, "value": text}

    async def _object(self, path: str) -> answers.Json | Unknown:
        reply = await self._speaker.ask("GET", path)
        if not isinstance(reply, Said):
            return Unknown(reply.why)
        found = answers.of_reply(reply)
        return (
            found if isinstance(found, Mapping) else Unknown(f"PayPal answered {reply.status} about {path}")
        )


def _credential(initiator: Initiator) -> dict[str, str]:
    if initiator is Initiator.MERCHANT:
        return {"payment_initiator": "MERCHANT", "payment_type": "UNSCHEDULED", "usage": "SUBSEQUENT"}
    return {"payment_initiator": "CUSTOMER", "payment_type": "ONE_TIME", "usage": "DERIVED"}
