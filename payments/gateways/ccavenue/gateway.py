"""CCAvenue as a gateway: an encrypted form to its page, and its API that tells what became of an order."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO, Final
from urllib.parse import urlencode

from core.ids import PaymentId
from payments.client import Client
from payments.gateways.ccavenue import answers, report
from payments.gateways.ccavenue.account import Account, capabilities_of
from payments.gateways.ccavenue.fetching import fetched
from payments.gateways.ccavenue.secrecy import encrypted
from payments.orders import Page, PageOrder, RefundOrder
from payments.outcome import DeclineCode, Declined, NotAttempted, Outcome, Pending, RequiresAction, Unknown
from payments.scrub import scrubbed
from payments.settlement_row import SettlementRow

_PAGE: Final = "/transaction/transaction.do?command=initiateTransaction"
_API: Final = "/apis/servlet/DoWebTrans"


class CCAvenueGateway:
    """CCAvenue. Make it inside the running loop, and `close` it at the end.

    Our payment id is the order's, of which CCAvenue lets each be paid once; our refund id is the refund's. It
    tells nothing by webhook that could be believed: Can.WEBHOOKS is not declared.
    """

    def __init__(self, account: Account) -> None:
        self.name, self.capabilities = account.name, capabilities_of(account)
        self._account = account
        self._client = Client(
            "CCAvenue", account.api_url, account.authority, account.connect_s, account.answer_s
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def link(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """A form that the payer's browser posts to CCAvenue, encrypted; nothing is asked of it for that."""
        amount = self.capabilities.currencies.decimal(order.amount)
        if amount is None:
            return NotAttempted(f"this CCAvenue account cannot charge {order.amount}")
        account = self._account
        request = {
            "merchant_id": account.merchant,
            "order_id": order.payment,
            "currency": order.amount.currency,
            "amount": amount,
            "redirect_url": order.return_url,
            "cancel_url": order.return_url,
            "language": "EN",
            "merchant_param1": order.description[:100],
        }
        form = {
            "encRequest": encrypted(urlencode(request), account.working_key),
            "access_code": account.access_code,
        }
        return Page(order.payment, f"{account.url.rstrip('/')}{_PAGE}", form)

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        """What became of a payment, by our id, which is the order's number."""
        order = await self._order(payment)
        outcome = answers.of_order(order) if isinstance(order, Mapping) else order
        # before a bank was asked the payer is still on the page
        return RequiresAction(outcome.ref, "") if isinstance(outcome, Pending) else outcome

    async def refund(self, order: RefundOrder) -> Outcome:
        """Give money back; CCAvenue refuses more than was captured, and does not take a reference twice."""
        amount = self.capabilities.currencies.decimal(order.amount)
        if amount is None:
            return Declined(DeclineCode.NOT_SUPPORTED, f"{order.amount} is no amount for CCAvenue", order.ref)
        known = await self.lookup_refund(order)
        if not isinstance(known, NotAttempted):
            return known
        asked = {"reference_no": order.ref, "refund_amount": amount, "refund_ref_no": order.id}
        answer = await self._ask("refundOrder", asked)
        return answers.of_refund(answer, order.id, order.ref) if isinstance(answer, Mapping) else answer

    async def lookup_refund(self, order: RefundOrder) -> Outcome:
        """What became of a refund, from those of its charge."""
        answer = await self._ask("getRefundDetails", {"reference_no": order.ref})
        if not isinstance(answer, Mapping):
            return Unknown(answer.why)
        for refund in answer.get("refund_list") or []:
            if refund.get("refund_ref_no") == order.id:
                return answers.of_refund(refund, order.id, order.ref)
        return NotAttempted("CCAvenue never heard of it")

    def settlement_rows(self, file: BinaryIO) -> Iterator[SettlementRow]:
        """Read payouts as `fetch_report` gives them, row by row."""
        return report.read(file)

    async def fetch_report(self, day: date) -> bytes | NotAttempted | Unknown:
        """What was paid out on that day in India."""
        return await fetched(self._ask, day)

    def scrub(self, transcript: str) -> str:
        """The transcript without card numbers, codes and keys."""
        return scrubbed(transcript)

    async def _order(self, payment: PaymentId) -> answers.Json | Unknown:
        order = await self._ask("orderStatusTracker", {"order_no": payment})
        return order if isinstance(order, Mapping) else Unknown(order.why)

    async def _ask(self, command: str, question: Mapping[str, str]) -> answers.Json | Unknown | NotAttempted:
        account = self._account
        asked = {
            "enc_request": encrypted(json.dumps(question), account.working_key),
            "access_code": account.access_code,
            "command": command,
            "request_type": "JSON",
            "response_type": "JSON",
            "version": "1.2",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = await self._client.ask("POST", _API, headers, urlencode(asked).encode())
        return answers.of_reply(reply, account.working_key)
