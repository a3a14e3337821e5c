"""Stripe as a gateway: the card over our own wire, everything else through the vendor's SDK."""

import logging
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from typing import BinaryIO, Literal

import aiohttp
import stripe
from stripe.params import (
    PaymentIntentCreateParams,
    PaymentIntentListParams,
    RefundCreateParams,
    RefundListParams,
)

from core.errors import BadInput
from core.ids import PaymentId, made_at_ms
from core.money import Money
from payments.bank import Holder
from payments.card import CardEntry
from payments.gateway import VOIDED
from payments.gateways.stripe import answers, bank, report
from payments.gateways.stripe.account import Account, capabilities_of
from payments.gateways.stripe.amounts import CURRENCIES
from payments.gateways.stripe.disputes import Disputes
from payments.gateways.stripe.pages import PREFIX, Pages
from payments.gateways.stripe.storing import Storing
from payments.gateways.stripe.webhooks import noticed
from payments.notice import Distrusted, Notice
from payments.orders import Charge, EvidenceOrder, Initiator, Owner, Page, PageOrder, RefundOrder, Token
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, RequiresAction, Unknown
from payments.scrub import scrubbed
from payments.settlement_row import SettlementRow
from payments.tls import checked
from payments.wire import CardForm, Part, Wire

FORM = CardForm(
    "/v1/payment_methods",
    "application/x-www-form-urlencoded",
    before=(
        b"type=card&card[number]=",
        Part.NUMBER,
        b"&card[exp_month]=",
        Part.MONTH,
        b"&card[exp_year]=",
        Part.YEAR,
    ),
    code=(b"&card[cvc]=", Part.CODE),
)
_SKEW_S = 300  # how far our clock and Stripe's may be apart
_WINDOW_S = 3600  # an order reaches Stripe within the hour, or never
_PAGE = 100
_PAGES = 50
_PAYMENT_REQUIRED = 402
_OK = 200


class StripeGateway:
    """Stripe. Make it inside the running loop, and `close` it at the end.

    Raises BadInput when the SDK is told to print what it sends (STRIPE_LOG=debug).
    """

    def __init__(self, account: Account) -> None:
        self.name, self.capabilities = account.name, capabilities_of(account)
        _refuse_debug()
        _hold_back_logger()
        self._account = account
        context = checked(account.authority)
        self._wire = Wire(account.url, context, account.connect_s, answer_s=10.0)
        # a fresh connection for each charge: one that Stripe just closed would make an outcome unknown
        connector = aiohttp.TCPConnector(ssl=context, force_close=True)
        self._session = aiohttp.ClientSession(connector=connector)
        self._client = stripe.StripeClient(
            account.key,
            base_addresses={"api": account.url},
            http_client=stripe.AIOHTTPClient(
                session=self._session,
                timeout=aiohttp.ClientTimeout(total=account.answer_s, sock_connect=account.connect_s),
            ),
            max_network_retries=0,
        )
        self._storing = Storing(self._client, account.moto)
        self._pages = Pages(self._client)
        self._disputes = Disputes(self._client)

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()

    @property
    def cards_go_to(self) -> str:
        """The URL that card numbers are sent to."""
        return self._account.url

    async def tokenize(self, card: CardEntry, key: str) -> Token | Declined | NotAttempted | Unknown:
        """Trade the card for a payment method."""
        reply = await self._wire.post_card(card, FORM, self._headers(key))
        if isinstance(reply, NotAttempted | Unknown):
            return reply
        if reply.status == _OK:
            return Token(self.name, reply.body["id"])
        if reply.status == _PAYMENT_REQUIRED:
            return answers.of_card_error(reply.body)
        return answers.of_status(reply.status, reply.body.get("error", {}).get("code", "no code"))

    async def tokenize_account(
        self, account: CardEntry, holder: Holder, key: str
    ) -> Token | Declined | NotAttempted | Unknown:
        """Trade the bank account for a payment method."""
        reply = await self._wire.post_card(account, bank.form(holder), self._headers(key))
        if isinstance(reply, NotAttempted | Unknown):
            return reply
        return Token(self.name, reply.body["id"], bank=True) if reply.status == _OK else bank.refused(reply)

    async def purchase(self, charge: Charge) -> Outcome:
        """Authorize and capture at once."""
        return await self._charge(charge, "automatic")

    async def authorize(self, charge: Charge) -> Outcome:
        """Reserve the money."""
        return await self._charge(charge, "manual")

    async def capture(self, ref: str, amount: Money, key: str) -> Outcome:
        """Take reserved money, all or a part."""
        if (count := CURRENCIES.count(amount)) is None:
            return _no_such_amount(amount)
        asked = self._client.v1.payment_intents.capture_async
        return await _intent(lambda: asked(ref, {"amount_to_capture": count}, {"idempotency_key": key}), ref)

    async def void(self, ref: str, key: str) -> Outcome:
        """Let reserved money go."""
        asked = self._client.v1.payment_intents.cancel_async
        outcome = await _intent(lambda: asked(ref, {}, {"idempotency_key": key}), ref)
        return Approved(ref) if outcome == Declined(DeclineCode.OTHER, VOIDED, ref) else outcome

    async def refund(self, order: RefundOrder) -> Outcome:
        """Give money back; Stripe refuses more than was captured."""
        if (count := CURRENCIES.count(order.amount)) is None:
            return _no_such_amount(order.amount)
        params: RefundCreateParams = {
            "payment_intent": order.ref,
            "amount": count,
            "metadata": {"refund": order.id, "payment": order.payment},
        }
        try:
            made = await self._client.v1.refunds.create_async(params, {"idempotency_key": order.key})
        except answers.NO_ANSWER as error:
            return _refused_or(error, order.ref)
        return answers.of_refund(made.to_dict())

    async def lookup_refund(self, order: RefundOrder) -> Outcome:
        """What became of a refund, from the list of the charge's refunds."""
        params: RefundListParams = {"payment_intent": order.ref, "limit": _PAGE}
        try:
            page = await self._client.v1.refunds.list_async(params)
        except answers.NO_ANSWER as error:
            return Unknown(f"no answer from Stripe ({type(error).__name__})")
        for made in page.data:
            found = made.to_dict()
            if (found.get("metadata") or {}).get("refund") == order.id:
                return answers.of_refund(found)
        if page.has_more:
            return Unknown(f"not among the {_PAGE} newest refunds of {order.ref}")
        return NotAttempted("Stripe never heard of it")

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        """What became of a payment: the intent `ref`, or one from the list made about when its id was.

        Stripe's search may lag a minute behind, and sending a key again would charge what never arrived;
        the list is up to date. https://docs.stripe.com/search#data-freshness
        """
        if ref.startswith(PREFIX):
            return await self._pages.became(ref)
        if ref:
            outcome = await _intent(lambda: self._client.v1.payment_intents.retrieve_async(ref), ref)
            return Unknown(outcome.why) if isinstance(outcome, NotAttempted) else outcome
        params: PaymentIntentListParams = {"limit": _PAGE}
        if (at_ms := made_at_ms(payment)) is not None:
            at_s = at_ms // 1000
            params["created"] = {"gte": at_s - _SKEW_S, "lte": at_s + _WINDOW_S}
        try:
            for _ in range(_PAGES):
                page = await self._client.v1.payment_intents.list_async(params)
                for intent in page.data:
                    found = intent.to_dict()
                    if found["metadata"].get("payment") == payment:
                        return answers.of_intent(found)
                if not page.has_more:
                    return NotAttempted("Stripe never heard of it")
                params["starting_after"] = page.data[-1].id
        except answers.NO_ANSWER as error:
            return Unknown(f"no answer from Stripe ({type(error).__name__})")
        return Unknown(f"not among the {_PAGE * _PAGES} payments made around then")

    async def store(
        self, token: Token, owner: Owner, key: str
    ) -> Token | Declined | RequiresAction | NotAttempted | Unknown:
        """Keep the card for the owner, by a set-up intent that the bank is asked about."""
        return await self._storing.store(token, owner, key)

    async def forget(self, token: Token) -> NotAttempted | Unknown | None:
        """Detach the card from its owner; it can never be charged again."""
        return await self._storing.forget(token)

    async def link(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """A page of Stripe Checkout."""
        return await self._pages.made(order)

    async def end_page(self, ref: str) -> Outcome:
        """End a page, and say what became of it."""
        return await self._pages.ended(ref)

    async def contest(self, order: EvidenceOrder) -> Outcome:
        """Submit evidence against a dispute."""
        return await self._disputes.contest(order)

    async def concede(self, dispute: str, key: str) -> Outcome:
        """Close a dispute."""
        return await self._disputes.concede(dispute, key)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice | Distrusted:
        """Check `Stripe-Signature`, then read the event."""
        return noticed(self.name, self._account.webhook_secret, body, headers, now)

    def settlement_rows(self, file: BinaryIO) -> Iterator[SettlementRow]:
        """Read a settlement report, row by row."""
        return report.read(file)

    def scrub(self, transcript: str) -> str:
        """The transcript without card numbers, codes and keys."""
        return scrubbed(transcript)

    def _headers(self, key: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._account.key}",
            "Idempotency-Key": key,
            "Stripe-Version": stripe.api_version,
        }

    async def _charge(self, charge: Charge, capture_method: Literal["automatic", "manual"]) -> Outcome:
        if (count := CURRENCIES.count(charge.amount)) is None:
            return NotAttempted(f"Stripe cannot charge {charge.amount}")
        asked = self._client.v1.payment_intents.create_async
        if charge.token.bank:
            if capture_method == "manual" or charge.amount.currency != bank.CURRENCY:
                return NotAttempted(f"Stripe debits bank accounts at once, and in {bank.CURRENCY} only")
            debit = bank.intent(charge, count)
            return await _intent(lambda: asked(debit, {"idempotency_key": charge.key}))
        params: PaymentIntentCreateParams = {
            "amount": count,
            "currency": charge.amount.currency.lower(),
            "payment_method": charge.token.value,
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "capture_method": capture_method,
            "error_on_requires_action": True,  # nobody can open a page during a call
            "metadata": {"payment": charge.payment},
        }
        if charge.description:
            params["description"] = charge.description
        if charge.token.owner:
            params["customer"] = charge.token.owner
        if charge.initiator is Initiator.MERCHANT:
            params["off_session"] = True
        elif charge.initiator is Initiator.CALLER and self._account.moto:
            params["payment_method_options"] = {"card": {"moto": True}}
        return await _intent(lambda: asked(params, {"idempotency_key": charge.key}))


async def _intent(ask: Callable[[], Awaitable[stripe.PaymentIntent]], ref: str = "") -> Outcome:
    try:
        return answers.of_intent((await ask()).to_dict())
    except answers.NO_ANSWER as error:
        return _refused_or(error, ref) if ref else answers.of_error(error)


def _refused_or(error: BaseException, ref: str) -> Outcome:
    """A 400 about a charge that exists is a refusal: the money stays where it is."""
    if isinstance(error, stripe.InvalidRequestError):
        return Declined(DeclineCode.NOT_SUPPORTED, error.code or "invalid_request", ref)
    return answers.of_error(error, ref)


def _no_such_amount(amount: Money) -> Declined:
    return Declined(DeclineCode.NOT_SUPPORTED, f"{amount} is no amount for Stripe")


def _refuse_debug() -> None:
    if "debug" in {os.environ.get("STRIPE_LOG"), stripe.log}:
        raise BadInput("STRIPE_LOG=debug prints whole requests: unset it, and start again")


def _hold_back_logger() -> None:
    """The SDK prints requests at DEBUG; whatever the level is set to later, they stay unprinted."""
    logger = logging.getLogger("stripe")
    if _warnings_only not in logger.filters:
        logger.addFilter(_warnings_only)


def _warnings_only(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING
