"""Square as a gateway: payments by token or card on file, through its REST API."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, Final
from urllib.parse import urlencode

from core.ids import PaymentId, made_at_ms
from core.money import Money
from payments.client import Client, Said
from payments.gateways.square import answers, report
from payments.gateways.square.account import Account, capabilities_of
from payments.gateways.square.disputes import Disputes
from payments.gateways.square.pages import PREFIX, Pages, payment_of
from payments.gateways.square.webhooks import noticed
from payments.notice import Distrusted, Notice
from payments.orders import (
    Charge,
    EvidenceOrder,
    Fields,
    Initiator,
    Owner,
    Page,
    PageOrder,
    RefundOrder,
    Token,
)
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, RequiresAction, Unknown
from payments.scrub import scrubbed
from payments.settlement_row import SettlementRow

VERSION: Final = "2026-09-16"
_SKEW: Final = timedelta(minutes=5)
_WINDOW: Final = timedelta(hours=1)
_PAGES: Final = 50


class SquareGateway:
    """Square. Make it inside the running loop, and `close` it at the end.

    Our payment id goes along as `reference_id`, our refund id at the head of `reason`; keys as Square's own.
    """

    def __init__(self, account: Account) -> None:
        self.name, self.capabilities = account.name, capabilities_of(account)
        self._account = account
        self._client = Client("Square", account.url, account.authority, account.connect_s, account.answer_s)
        self._headers = {
            "Authorization": f"Bearer {account.token}",
            "Content-Type": "application/json",
            "Square-Version": VERSION,
        }

        currencies = self.capabilities.currencies
        self._disputes = Disputes(self._client, self._headers)
        self._pages = Pages(self._client, self._headers, currencies, account.location)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def purchase(self, charge: Charge) -> Outcome:
        """Charge at once."""
        return await self._charge(charge, captured=True)

    async def authorize(self, charge: Charge) -> Outcome:
        """Reserve the money."""
        return await self._charge(charge, captured=False)

    async def capture(self, ref: str, amount: Money, key: str) -> Outcome:
        """Take reserved money, all of it; completing twice takes it once."""
        held = await self._find(ref)
        if not isinstance(held, Mapping):
            return held
        if self._money(amount) != held["amount_money"]:
            return Declined(DeclineCode.NOT_SUPPORTED, "amount_differs", ref)
        if held["status"] == "COMPLETED":
            return answers.of_payment(held)
        return await self._change(f"/v2/payments/{ref}/complete", ref)

    async def void(self, ref: str, key: str) -> Outcome:
        """Let reserved money go."""
        outcome = await self._change(f"/v2/payments/{ref}/cancel", ref)
        return Approved(ref) if outcome == Declined(DeclineCode.OTHER, "voided", ref) else outcome

    async def refund(self, order: RefundOrder) -> Outcome:
        """Give money back; Square refuses more than was taken."""
        if (money := self._money(order.amount)) is None:
            return Declined(DeclineCode.NOT_SUPPORTED, f"{order.amount} is no amount for Square", order.ref)
        asked = {
            "idempotency_key": order.key,
            "payment_id": order.ref,
            "amount_money": money,
            "reason": f"{order.id} {order.reason}".strip()[:192],
        }
        made = answers.of_reply(await self._post("/v2/refunds", asked), "refund", order.ref)
        return answers.of_refund(made) if isinstance(made, Mapping) else made

    async def lookup_refund(self, order: RefundOrder) -> Outcome:
        """What became of a refund, from those of its payment."""
        payment = await self._find(order.ref)
        if not isinstance(payment, Mapping):
            return payment
        for ref in payment.get("refund_ids") or []:
            reply = await self._client.ask("GET", f"/v2/refunds/{ref}", self._headers)
            refund = answers.of_reply(reply, "refund", ref)
            if not isinstance(refund, Mapping):
                return Unknown(f"no answer about the refund {ref}")
            if (refund.get("reason") or "").partition(" ")[0] == order.id:
                return answers.of_refund(refund)
        return NotAttempted("Square never heard of it")

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        """What became of a payment: the one called `ref`, or one of those made about when its id was."""
        if ref.startswith(PREFIX):
            return await self._pages.became(ref)
        if ref:
            found = await self._find(ref)
            return answers.of_payment(found) if isinstance(found, Mapping) else found
        return await self._search(payment)

    async def store(
        self, token: Token, owner: Owner, key: str
    ) -> Token | Declined | RequiresAction | NotAttempted | Unknown:
        """Keep a card on file for the owner's customer, who is made on the first time."""
        customer = owner.known or await self._customer(owner, key)
        if not isinstance(customer, str):
            return customer
        card = {"customer_id": customer}
        asked = {"idempotency_key": key, "source_id": token.value, "card": card}
        kept = answers.of_reply(await self._post("/v2/cards", asked), "card")
        if isinstance(kept, Mapping):
            return Token(self.name, kept["id"], reusable=True, owner=customer)
        return kept

    async def forget(self, token: Token) -> NotAttempted | Unknown | None:
        """Disable a card on file: Square keeps it, and never charges it again."""
        reply = await self._post(f"/v2/cards/{token.value}/disable", {})
        if isinstance(reply, Said):
            return None if reply.status in {200, 404} else Unknown(f"Square answered {reply.status}")
        return reply

    async def link(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """A checkout link."""
        return await self._pages.made(order)

    async def fields(self, amount: Money) -> Fields | NotAttempted | Unknown:
        """Square's Web Payments SDK, which gives a token that is good once."""
        origin = "/".join(self._account.script.split("/")[:3])
        key = self._account.application
        return Fields("square", (self._account.script,), key, frames=(origin,), asks=(origin,))

    async def contest(self, order: EvidenceOrder) -> Outcome:
        """Hand evidence in against a dispute."""
        return await self._disputes.contest(order)

    async def concede(self, dispute: str, key: str) -> Outcome:
        """Accept a dispute."""
        return await self._disputes.concede(dispute, key)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice | Distrusted:
        """Check `x-square-hmacsha256-signature`, then read the event."""
        return noticed(self._account, self.capabilities.currencies, body, headers, now)

    def settlement_rows(self, file: BinaryIO) -> Iterator[SettlementRow]:
        """Read a settlement report, row by row."""
        return report.read(file)

    def scrub(self, transcript: str) -> str:
        """The transcript without card numbers, codes and keys."""
        return scrubbed(transcript)

    async def _charge(self, charge: Charge, captured: bool) -> Outcome:
        if (money := self._money(charge.amount)) is None:
            return NotAttempted(f"this Square location cannot charge {charge.amount}")
        asked: dict[str, object] = {
            "idempotency_key": charge.key,
            "source_id": charge.token.value,
            "amount_money": money,
            "autocomplete": captured,
            "location_id": self._account.location,
            "reference_id": charge.payment,
            "customer_details": {"customer_initiated": charge.initiator is not Initiator.MERCHANT},
        }
        if charge.token.owner:
            asked["customer_id"] = charge.token.owner
        if charge.description:
            asked["note"] = charge.description[:500]
        made = answers.of_reply(await self._post("/v2/payments", asked), "payment")
        return answers.of_payment(made) if isinstance(made, Mapping) else made

    async def _change(self, path: str, ref: str) -> Outcome:
        made = answers.of_reply(await self._post(path, {}), "payment", ref)
        return answers.of_payment(made) if isinstance(made, Mapping) else made

    async def _customer(self, owner: Owner, key: str) -> str | answers.Failed:
        asked = {"idempotency_key": f"{key}_owner"[:45], "reference_id": owner.reference[:100]}
        made = answers.of_reply(await self._post("/v2/customers", asked), "customer")
        return str(made["id"]) if isinstance(made, Mapping) else made

    async def _find(self, ref: str) -> answers.Json | Declined | Unknown:
        reply = await self._client.ask("GET", f"/v2/payments/{ref}", self._headers)
        found = answers.of_reply(reply, "payment", ref)
        return Unknown(found.why) if isinstance(found, NotAttempted) else found

    async def _search(self, payment: PaymentId) -> Outcome:
        query = {"location_id": self._account.location, "sort_order": "DESC", "limit": "100"}
        if (at_ms := made_at_ms(payment)) is not None:
            at = datetime.fromtimestamp(at_ms / 1000, UTC)
            query |= {"begin_time": _written(at - _SKEW), "end_time": _written(at + _WINDOW)}
        for _ in range(_PAGES):
            reply = await self._client.ask("GET", f"/v2/payments?{urlencode(query)}", self._headers)
            if not isinstance(reply, Said) or reply.status != 200:
                return Unknown("no answer from Square about its payments")
            page = json.loads(reply.body or b"{}")
            for found in page.get("payments") or []:
                if payment_of(found) == payment:
                    return answers.of_payment(found)
            if not page.get("cursor"):
                return NotAttempted("Square never heard of it")
            query["cursor"] = page["cursor"]
        return Unknown(f"not among the {_PAGES * 100} payments made around then")

    async def _post(self, path: str, asked: answers.Json) -> Said | NotAttempted | Unknown:
        return await self._client.ask("POST", path, self._headers, json.dumps(asked).encode())

    def _money(self, amount: Money) -> dict[str, object] | None:
        count = self.capabilities.currencies.count(amount)
        return None if count is None else {"amount": count, "currency": amount.currency}


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"
