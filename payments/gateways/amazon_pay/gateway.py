"""Amazon Pay as a gateway: checkout sessions, and the charges and refunds that come of them."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from core.clock import Clock
from core.ids import PaymentId
from payments.gateways.amazon_pay import answers, report
from payments.gateways.amazon_pay.account import Account, capabilities_of
from payments.gateways.amazon_pay.speaker import Speaker
from payments.orders import Page, PageOrder, RefundOrder
from payments.outcome import DeclineCode, Declined, NotAttempted, Outcome, Pending, Unknown
from payments.scrub import scrubbed
from payments.settlement_row import SettlementRow

_CHARGE: Final = "-C"  # S01-1234567-1234567-C123456


class AmazonPayGateway:
    """Amazon Pay. Make it inside the running loop, and `close` it at the end.

    Our payment id goes along as `merchantReferenceId`, by which nothing can be found; so a page that was
    handed to nobody is nothing, and what a page came to is asked by its session. What it tells by webhook
    carries no outcome: Can.WEBHOOKS is not declared.
    """

    def __init__(self, account: Account, clock: Clock) -> None:
        self.name, self.capabilities = account.name, capabilities_of(account)
        self._account = account
        self._speaker = Speaker(account, clock)

    async def close(self) -> None:
        """Give the connections back."""
        await self._speaker.close()

    async def link(self, order: PageOrder) -> Page | Declined | NotAttempted | Unknown:
        """A checkout session, which lasts for 24 hours; the same for the same key."""
        amount = self._money(order)
        if amount is None:
            return NotAttempted(f"this Amazon Pay account cannot charge {order.amount}")
        asked = {
            "webCheckoutDetails": {
                "checkoutMode": "ProcessOrder",
                "checkoutResultReturnUrl": order.return_url,
                "checkoutCancelUrl": order.return_url,
            },
            "storeId": self._account.store,
            "paymentDetails": {
                "paymentIntent": "AuthorizeWithCapture",
                "canHandlePendingAuthorization": False,
                "chargeAmount": amount,
            },
            "merchantMetadata": {
                "merchantReferenceId": order.payment,
                "merchantStoreName": self._account.store_name[:50],
                "noteToBuyer": order.description[:255],
            },
        }
        session = await self._speaker.post("/checkoutSessions", asked, order.key)
        if not isinstance(session, Mapping):
            return session
        url = (session.get("webCheckoutDetails") or {}).get("amazonPayRedirectUrl")
        if not url:
            return NotAttempted("Amazon Pay gave no address to send the payer to")
        return Page(session["checkoutSessionId"], url)

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        """What became of a charge or a session; the money is taken once the payer said yes, within a day."""
        if not ref:
            return NotAttempted("no page was handed out for it")
        if _CHARGE in ref:
            return await self._charge(ref)
        session = await self._speaker.get(f"/checkoutSessions/{ref}")
        if not isinstance(session, Mapping):
            return _silent(session)
        if session["statusDetails"]["state"] == "Open":
            completed = await self._completed(session)
            if not isinstance(completed, Mapping):
                return completed
            session = completed
        if charge := session.get("chargeId"):
            return await self._charge(str(charge))
        return answers.of_session(session)

    async def refund(self, order: RefundOrder) -> Outcome:
        """Give money back; Amazon Pay refuses more than was captured."""
        amount = self._money(order)
        if amount is None:
            said = f"{order.amount} is no amount for Amazon Pay"
            return Declined(DeclineCode.NOT_SUPPORTED, said, order.ref)
        asked = {"chargeId": order.ref, "refundAmount": amount}
        made = await self._speaker.post("/refunds", asked, order.key, order.ref)
        return answers.of_refund(made) if isinstance(made, Mapping) else made

    async def lookup_refund(self, order: RefundOrder) -> Outcome:
        """What became of a refund: it is sent again, as Amazon Pay lists none and takes each key once."""
        outcome = await self.refund(order)
        if not isinstance(outcome, Pending):
            return Unknown(outcome.why) if isinstance(outcome, NotAttempted) else outcome
        made = await self._speaker.get(f"/refunds/{outcome.ref}")
        return answers.of_refund(made) if isinstance(made, Mapping) else _silent(made)

    def settlement_rows(self, file: BinaryIO) -> Iterator[SettlementRow]:
        """Read a settlement report, row by row."""
        return report.read(file)

    def scrub(self, transcript: str) -> str:
        """The transcript without card numbers, codes and keys."""
        return scrubbed(transcript)

    async def _charge(self, ref: str) -> Outcome:
        charge = await self._speaker.get(f"/charges/{ref}")
        return answers.of_charge(charge) if isinstance(charge, Mapping) else _silent(charge)

    async def _completed(self, session: answers.Json) -> answers.Json | Outcome:
        """The session after the payer's yes; as it was while there is none."""
        ref = session["checkoutSessionId"]
        asked = {"chargeAmount": session["paymentDetails"]["chargeAmount"]}
        made = await self._speaker.post(f"/checkoutSessions/{ref}/complete", asked, ref=ref)
        if isinstance(made, Declined) and made.gateway_code == answers.NOT_YET:
            return session
        return _silent(made) if isinstance(made, NotAttempted) else made

    def _money(self, order: PageOrder | RefundOrder) -> dict[str, str] | None:
        text = self.capabilities.currencies.decimal(order.amount)
        return None if text is None else {"amount": text, "currencyCode": order.amount.currency}


def _silent(failed: answers.Failed) -> Unknown:
    return failed if isinstance(failed, Unknown) else Unknown(getattr(failed, "why", "no answer"))
