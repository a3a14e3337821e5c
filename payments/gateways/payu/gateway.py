"""PayU as a gateway: a signed form to its page, and commands that ask what became of it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import BinaryIO, Final
from urllib.parse import urlencode

from core.clock import Clock
from core.ids import PaymentId
from payments.client import Client
from payments.gateways.payu import answers, report, signing
from payments.gateways.payu.account import CAPABILITIES, Account
from payments.gateways.payu.fetching import fetched
from payments.gateways.payu.webhooks import noticed
from payments.notice import Distrusted, Notice
from payments.orders import Page, PageOrder, RefundOrder
from payments.outcome import DeclineCode, Declined, NotAttempted, Outcome, Unknown
from payments.scrub import scrubbed
from payments.settlement_row import SettlementRow

_COMMANDS: Final = "/merchant/postservice?form=2"
_TOKEN_LENGTH: Final = 23


class PayUGateway:
    """PayU. Make it inside the running loop, and `close` it at the end.

    Our payment id without its `pay_` is the transaction's id, which PayU lets be paid once; it is also what a
    charge is called here, for PayU does not sign its own number of it.
    """

    def __init__(self, account: Account, clock: Clock) -> None:
        self.name, self.capabilities = account.name, CAPABILITIES
        self._account, self._clock = account, clock
        self._client = Client("PayU", account.api_url, account.authority, account.connect_s, account.answer_s)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def link(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """A form that the payer's browser posts to PayU, signed; nothing is asked of PayU for it."""
        amount = self.capabilities.currencies.decimal(order.amount)
        if amount is None:
            return NotAttempted(f"PayU cannot charge {order.amount}")
        account = self._account
        form = {
            "key": account.key,
            "txnid": txnid(order.payment),
            "amount": amount,
            "productinfo": order.description[:100] or "Payment",
            "firstname": account.payer,
            "email": account.email,
            "phone": account.phone,
            "surl": order.return_url,
            "furl": order.return_url,
        }
        form["hash"] = signing.of_form(account.key, account.salt, form)
        return Page(form["txnid"], f"{account.url.rstrip('/')}/_payment", form)

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        """What became of a payment, by its transaction id."""
        made = await self._transaction(payment)
        return answers.of_transaction(made, txnid(payment)) if isinstance(made, Mapping) else made

    async def refund(self, order: RefundOrder) -> Outcome:
        """Give money back; PayU takes each token once, and refuses more than was captured."""
        amount = self.capabilities.currencies.decimal(order.amount)
        if amount is None:
            return Declined(DeclineCode.NOT_SUPPORTED, f"{order.amount} is no amount for PayU", order.ref)
        made = await self._transaction(order.payment)
        if not isinstance(made, Mapping):
            return NotAttempted(made.why)  # nothing was given back
        answer = await self._command(
            "cancel_refund_transaction", str(made.get("mihpayid", "")), var2=_token(order), var3=amount
        )
        if not isinstance(answer, Mapping):
            return answer
        return answers.of_refund(answer, order.ref) or await self.lookup_refund(order)

    async def lookup_refund(self, order: RefundOrder) -> Outcome:
        """What became of a refund, from the actions on its transaction."""
        made = await self._transaction(order.payment)
        if not isinstance(made, Mapping):
            return Unknown(made.why)
        number = str(made.get("mihpayid", ""))
        answer = await self._command("check_action_status", number, var2="payuid")
        if not isinstance(answer, Mapping):
            return Unknown(answer.why)
        actions = (answer.get("transaction_details") or {}).get(number) or {}
        for action in actions.values() if isinstance(actions, Mapping) else ():
            if action.get("token") == _token(order):
                return answers.of_action(action)
        return NotAttempted("PayU never heard of it")

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice | Distrusted:
        """Check the hash over what PayU signs, and read nothing else."""
        return noticed(self._account, body, now)

    def settlement_rows(self, file: BinaryIO) -> Iterator[SettlementRow]:
        """Read settlements as PayU's API answers them, row by row."""
        return report.read(file)

    async def fetch_report(self, day: date) -> bytes | NotAttempted | Unknown:
        """What was settled on that day in India."""
        return await fetched(self._client, self._account, day, self._clock.now)

    def scrub(self, transcript: str) -> str:
        """The transcript without card numbers, codes and keys."""
        return scrubbed(transcript)

    async def _transaction(self, payment: PaymentId) -> answers.Json | Unknown:
        answer = await self._command("verify_payment", txnid(payment))
        if not isinstance(answer, Mapping):
            return Unknown(answer.why)
        found = (answer.get("transaction_details") or {}).get(txnid(payment))
        return found if isinstance(found, Mapping) else {"status": "Not Found"}

    async def _command(self, command: str, about: str, **more: str) -> answers.Json | Unknown | NotAttempted:
        account = self._account
        asked = {
            "key": account.key,
            "command": command,
            "var1": about,
            **more,
            "hash": signing.of_command(account.key, account.salt, command, about),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return answers.of_reply(await self._client.ask("POST", _COMMANDS, headers, urlencode(asked).encode()))


def txnid(payment: PaymentId) -> str:
    """Our id as PayU takes it, in 25 characters."""
    return payment.removeprefix("pay_")


def _token(order: RefundOrder) -> str:
    return order.id[-_TOKEN_LENGTH:]
