"""Asking a caller for money by UPI: a request goes to the telephone, and the call waits for its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

import anyio
import structlog

from core.clock import Clock
from core.ids import AccountId, CallId, new_id, new_payment_id
from core.money import Money
from payments.capabilities import Can
from payments.gateway import UPI_REQUEST, Gateway, RequestsUpi
from payments.links.ending import Ending, by_name
from payments.links.judging import HeldBack, Judging, judging_none
from payments.links.link import Link, LinkId, check_amount, hash_of, new_token
from payments.links.opening import NotNow, opened
from payments.links.paying import Paying
from payments.links.store import Links
from payments.opening import Opening
from payments.orders import Page, PageOrder
from payments.outcome import Unknown
from payments.purchase import Operation, Purchase
from payments.session import State
from payments.store import Move, Payment, Payments

log = structlog.stdlib.get_logger(__name__)

CURRENCY: Final = "INR"
_LASTS: Final = timedelta(minutes=20)  # Razorpay's shortest is a quarter of an hour
_WITHIN_S: Final = 25.0
_EVERY_S: Final = 2.0
_LOOKED_UP: Final = 4  # every so many looks at our own books the gateway is asked


@dataclass(frozen=True, slots=True)
class Requested:
    """A request on its way to a telephone: the link that stands for it, and the payment as it was opened."""

    link: Link
    payment: Payment


class UpiRequests:
    """Asks through the first of `gateways` that can. A request is a payment link that the gateway sends."""

    def __init__(
        self,
        links: Links,
        payments: Payments,
        gateways: Sequence[Gateway],
        clock: Clock,
        chance: Random,
        *,
        base_url: str,
        wait_s: float = 90.0,
        judging: Judging | None = None,
    ) -> None:
        """`wait_s` is how long `answer` waits; a payer's browser ends on a page of ours below `base_url`.

        Without `judging` all pass, to the first gateway that can.
        """
        self._links, self._payments, self._gateways, self._clock = links, payments, gateways, clock
        self._paying = Paying(links, payments, gateways, clock, chance)
        self._opening = Opening(payments, Ending(payments, by_name(gateways)), clock, chance)
        self._judging = judging or judging_none(payments, gateways, clock)
        self._base_url, self._wait_s = base_url.rstrip("/"), wait_s

    def possible(self, amount: Money, to: str) -> bool:
        """Whether that much may be asked for at that telephone number (E.164)."""
        can = any(
            UPI_REQUEST.of(one) is not None and one.capabilities.currencies.count(amount) is not None
            for one in self._gateways
        )
        return can and amount.currency == CURRENCY and to.startswith("+")

    async def ask(
        self, account: AccountId, amount: Money, to: str, *, call: CallId | None = None
    ) -> Requested | NotNow:
        """Have the request sent, once. Raises BadInput for an amount that cannot be paid, StoreLost."""
        check_amount(amount)
        if not self.possible(amount, to):
            return NotNow(f"no gateway asks for {amount.currency} by UPI")
        token = new_token()
        link = await self._added(account, amount, call, token)
        claimed = await self._links.claim(link.id, new_payment_id())
        purchase = await self._judging.purchase(link, claimed.payment, caller=to)
        route = await self._judging.route(purchase, Can.UPI_REQUEST)
        gateway = UPI_REQUEST.of(route.choices[0].gateway) if route.choices else None
        if gateway is None:
            return NotNow(f"no gateway may ask for {amount.currency} by UPI now")
        attempt = await self._judging.let_pass(purchase, link, route)
        if isinstance(attempt, HeldBack):
            return NotNow("the fraud screen holds it back")
        found = await opened(self._opening, link, claimed.payment, gateway.name, attempt)
        if isinstance(found, NotNow):
            return found
        order = PageOrder(
            found.payment.id,
            f"{found.payment.key}_page",
            amount,
            f"{self._base_url}/pay/{token}/back",
            link.expires_at,
        )
        return await self._sent(link, order, gateway, attempt.purchase, to)

    async def answer(self, requested: Requested) -> Payment:
        """The payment as it stands once the payer has said yes or no, or when the time is over.

        Our own books tell of a webhook; now and then the gateway is asked, too. Raises StoreLost.
        """
        payment = requested.payment
        with anyio.move_on_after(self._wait_s):
            for look in range(1, 10_000):
                await anyio.sleep(_EVERY_S)
                if not look % _LOOKED_UP:
                    await self._look(requested)
                payment = await self._payments.find(payment.id) or payment
                if payment.state is not State.ACTION_REQUIRED:
                    break
        return payment

    async def _added(self, account: AccountId, amount: Money, call: CallId | None, token: str) -> Link:
        now = self._clock.now()
        link = Link(LinkId(new_id("link")), account, amount, now, now + _LASTS, call, "UPI")
        await self._links.add(link, hash_of(token))
        return link

    async def _sent(
        self, link: Link, order: PageOrder, gateway: RequestsUpi, purchase: Purchase, to: str
    ) -> Requested | NotNow:
        page = await self._judging.asking.ask(
            purchase, gateway, Operation.LINK, lambda: gateway.request(order, to), _WITHIN_S
        )
        if isinstance(page, Page):
            on_its_way = Move(State.ACTION_REQUIRED, page.ref, "asked for by UPI")
            written = await self._payments.move(order.payment, on_its_way)
            await self._links.keep_page(link.id, order.payment, page)
            await self._links.sent(link.id)
            return Requested(await self._links.find(link.id) or link, written)
        log.warning("no request by UPI", link=link.id, gateway=gateway.name, answer=type(page).__name__)
        if isinstance(page, Unknown):
            # it may be on its way: the payment stays as it is, and the reconciler asks about it
            return NotNow("the gateway did not say whether it sent the request")
        await self._payments.move(order.payment, Move(State.NOT_ATTEMPTED, reason="no request was sent"))
        return NotNow("the gateway sent no request")

    async def _look(self, requested: Requested) -> None:
        found = await self._links.find(requested.link.id)
        if found is not None:
            await self._paying.look(found)
