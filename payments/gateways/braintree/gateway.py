"""Braintree as a gateway: the card over our own wire, transactions over its XML API, version 6."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from core.ids import PaymentId
from core.money import Money
from payments.card import CardEntry
from payments.client import Client, Said
from payments.gateways.braintree import cards, report
from payments.gateways.braintree.account import Account, capabilities_of
from payments.gateways.braintree.answers import Json, of_reply
from payments.gateways.braintree.disputes import Disputes
from payments.gateways.braintree.fields import HostedFields
from payments.gateways.braintree.webhooks import noticed
from payments.gateways.braintree.xml import document, read
from payments.notice import Distrusted, Notice
from payments.orders import Charge, EvidenceOrder, Fields, Initiator, Owner, RefundOrder, Token
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, RequiresAction, Unknown
from payments.scrub import scrubbed
from payments.settlement_row import SettlementRow
from payments.tls import checked
from payments.wire import Wire

_SOURCES: Mapping[Initiator, str] = {Initiator.CALLER: "moto", Initiator.MERCHANT: "unscheduled"}
_SHOWN = 10  # orders under one payment's id that are looked at


class BraintreeGateway:
    """Braintree. Make it inside the running loop, and `close` it at the end.

    Idempotency is Braintree's At-Most-Once Processing: a key sent again within 30 days answers with what
    became of its order. Our ids go along as `order_id`, where `lookup` finds them.
    """

    def __init__(self, account: Account) -> None:
        self.name, self.capabilities = account.name, capabilities_of(account)
        self._account = account
        self._path = f"/merchants/{account.merchant}"
        self._headers = {
            "Authorization": account.authorization,
            "Accept": "application/xml",
            "Content-Type": "application/xml",
            "X-ApiVersion": "6",
        }
        self._wire = Wire(account.graphql_url, checked(account.authority), account.connect_s, answer_s=10.0)
        self._client = Client(
            "Braintree", account.url, account.authority, account.connect_s, account.answer_s
        )
        self._disputes = Disputes(self._client, self._path, self._headers)
        self._fields = HostedFields(account, self._client, self._path, self._headers)
        self._vault = cards.Vault(self.name, self._client, self._path, self._headers)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    @property
    def cards_go_to(self) -> str:
        """The URL that card numbers are sent to."""
        return self._account.graphql_url

    async def tokenize(self, card: CardEntry, key: str) -> Token | Declined | NotAttempted | Unknown:
        """Trade the card for a single-use payment method; the key is not needed, for no money moves."""
        headers = {"Authorization": self._account.authorization, "Braintree-Version": cards.VERSION}
        reply = await self._wire.post_card(card, cards.FORM, headers)
        return reply if isinstance(reply, NotAttempted | Unknown) else cards.of_card(self.name, reply)

    async def purchase(self, charge: Charge) -> Outcome:
        """Authorize and submit for settlement at once."""
        return await self._charge(charge, captured=True)

    async def authorize(self, charge: Charge) -> Outcome:
        """Reserve the money."""
        return await self._charge(charge, captured=False)

    async def capture(self, ref: str, amount: Money, key: str) -> Outcome:
        """Submit reserved money for settlement, all or a part."""
        if (text := self.capabilities.currencies.decimal(amount)) is None:
            return Declined(DeclineCode.NOT_SUPPORTED, f"{amount} is no amount for Braintree", ref)
        order = {"amount": text, "api_request_key": key}
        return await self._change("PUT", f"/transactions/{ref}/submit_for_settlement", order, ref)

    async def void(self, ref: str, key: str) -> Outcome:
        """Let reserved money go."""
        outcome = await self._change("PUT", f"/transactions/{ref}/void", {"api_request_key": key}, ref)
        return Approved(ref) if outcome == Declined(DeclineCode.OTHER, "voided", ref) else outcome

    async def refund(self, order: RefundOrder) -> Outcome:
        """Give money back. Until the charge has settled Braintree refuses with 91506: later it will do it."""
        if (text := self.capabilities.currencies.decimal(order.amount)) is None:
            return Declined(
                DeclineCode.NOT_SUPPORTED, f"{order.amount} is no amount for Braintree", order.ref
            )
        asked = {"amount": text, "order_id": order.id, "api_request_key": order.key}
        return await self._change("POST", f"/transactions/{order.ref}/refund", asked, order.ref)

    async def lookup_refund(self, order: RefundOrder) -> Outcome:
        """What became of a refund, by our id of it."""
        return await self._search(order.id)

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        """What became of a payment: the transaction `ref`, or those under our id."""
        if ref:
            return await self._found(ref)
        return await self._search(payment)

    async def store(
        self, token: Token, owner: Owner, key: str
    ) -> Token | Declined | RequiresAction | NotAttempted | Unknown:
        """Keep a card in Braintree's vault; a nonce works once, so the key is not needed."""
        return await self._vault.store(token, owner)

    async def forget(self, token: Token) -> NotAttempted | Unknown | None:
        """Delete a card from Braintree's vault."""
        return await self._vault.forget(token)

    async def fields(self, amount: Money) -> Fields | NotAttempted | Unknown:
        """Braintree's Hosted Fields, which give a nonce that is good once, for three hours."""
        return await self._fields.offered(amount)

    async def contest(self, order: EvidenceOrder) -> Outcome:
        """Hand evidence in against a dispute."""
        return await self._disputes.contest(order)

    async def concede(self, dispute: str, key: str) -> Outcome:
        """Accept a dispute."""
        return await self._disputes.concede(dispute, key)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice | Distrusted:
        """Check `bt_signature`, then read `bt_payload`; nothing is in the headers."""
        return noticed(self._account, self.capabilities.currencies, body, now)

    def settlement_rows(self, file: BinaryIO) -> Iterator[SettlementRow]:
        """Read a settlement report, row by row."""
        return report.read(file)

    def scrub(self, transcript: str) -> str:
        """The transcript without card numbers, codes and keys."""
        return scrubbed(transcript)

    async def _charge(self, charge: Charge, captured: bool) -> Outcome:
        if (text := self.capabilities.currencies.decimal(charge.amount)) is None:
            return NotAttempted(f"this Braintree account cannot charge {charge.amount}")
        order: dict[str, object] = {
            "type": "sale",
            "amount": text,
            "order_id": charge.payment,
            "api_request_key": charge.key,
            "payment_method_token" if charge.token.reusable else "payment_method_nonce": charge.token.value,
            "options": {"submit_for_settlement": captured},
        }
        if source := _SOURCES.get(charge.initiator):
            order["transaction_source"] = source
        if account := self._account.merchant_accounts[charge.amount.currency]:
            order["merchant_account_id"] = account
        return of_reply(await self._ask("POST", "/transactions", document("transaction", order)))

    async def _change(self, method: str, path: str, order: Json, ref: str) -> Outcome:
        return of_reply(await self._ask(method, path, document("transaction", order)), ref)

    async def _search(self, order_id: str) -> Outcome:
        """The order under an id of ours: one that was approved, else the newest."""
        search = document("search", {"order_id": {"is": order_id}})
        reply = await self._ask("POST", "/transactions/advanced_search_ids", search)
        if not isinstance(reply, Said):
            return Unknown(reply.why)
        try:
            ids = read(reply.body)["search_results"]["ids"]
        except (ValueError, KeyError, TypeError):
            return Unknown(f"Braintree answered a search with {reply.status}")
        outcomes = [await self._found(one) for one in ids[:_SHOWN]]
        if not outcomes:
            return NotAttempted("Braintree never heard of it")
        return next((one for one in outcomes if isinstance(one, Approved)), outcomes[0])

    async def _found(self, ref: str) -> Outcome:
        reply = await self._ask("GET", f"/transactions/{ref}")
        return of_reply(reply, ref) if isinstance(reply, Said) else Unknown(reply.why)

    async def _ask(self, method: str, path: str, body: str = "") -> Said | NotAttempted | Unknown:
        return await self._client.ask(method, self._path + path, self._headers, body.encode())
