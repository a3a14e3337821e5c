"""Paying a link: the one payment of it, on a page of the gateway's, however many windows ask."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import structlog

from core.clock import Clock
from core.ids import new_payment_id
from payments.attempt import Attempt
from payments.capabilities import Can
from payments.gateway import LINK, Gateway
from payments.links.ending import Ending, by_name
from payments.links.judging import HeldBack, Judging, judging_none
from payments.links.link import PAYABLE, Link, LinkState, hash_of
from payments.links.opening import NotNow, opened
from payments.links.own_page import Fill, OwnPage, RefusedThere, Underway
from payments.links.store import Links
from payments.opening import Opening
from payments.orders import Page, PageOrder
from payments.outcome import Approved, Declined, NotAttempted, Unknown
from payments.purchase import Operation, Purchase
from payments.route import Route
from payments.session import State
from payments.settle import move_for
from payments.store import Move, Payment, Payments

log = structlog.stdlib.get_logger(__name__)

_MAY_HAVE_A_PAGE: Final = frozenset({State.PENDING, State.ACTION_REQUIRED})
_WITHIN_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class GoTo:
    """The payer goes on to this page of the gateway's."""

    page: Page


class Paying:
    """Lets links be paid on a page of one of `gateways`, or on a page of ours with the card fields of one."""

    def __init__(
        self,
        links: Links,
        payments: Payments,
        gateways: Sequence[Gateway],
        clock: Clock,
        chance: Random,
        *,
        judging: Judging | None = None,
    ) -> None:
        """Without `judging` all pass, to the first gateway that can."""
        self._links, self._payments, self._clock = links, payments, clock
        self._gateways = by_name(gateways)
        self._opening = Opening(payments, Ending(payments, self._gateways), clock, chance)
        self._judging = judging or judging_none(payments, gateways, clock)
        self._own = OwnPage(links, self._opening, self._judging, clock)

    async def opened(self, token: str) -> Link | None:
        """The link of an address, noted as opened; None when there is none. Raises StoreLost."""
        link = await self._links.by_token(hash_of(token))
        if link is not None and link.state(self._clock.now()) in PAYABLE:
            await self._links.opened(link.id)
        return link

    async def pay(self, link: Link, return_url: str) -> GoTo | Fill | Underway | HeldBack | NotNow:
        """The gateway's page for the link's one payment; asked again, the same page. Raises StoreLost."""
        if link.state(self._clock.now()) not in PAYABLE:
            return NotNow("the link is over")
        if link.begun:
            return await self._again(link, return_url)
        purchase = await self._judging.purchase(link, new_payment_id())
        route = await self._judging.route(purchase, Can.LINK)
        return await (self._led_on(link, route, return_url) if route.choices else self._own.shown(link))

    async def charge(
        self, link: Link, token: str, gateway: str = ""
    ) -> Underway | RefusedThere | HeldBack | NotNow:
        """Charge what the fields of our own page gave, once. Raises StoreLost."""
        return await self._own.charge(link, token, gateway)

    async def look(self, link: Link, *, believes_nothing: bool = False) -> Link:
        """Ask the gateway what became of a link's payment; the link as it stands then. Raises StoreLost.

        "Never heard of it" is believed on demand only: a payer may be on the page right now.
        """
        payment = await self._payments.find(link.payment) if link.payment else None
        if payment is None or link.state(self._clock.now()) is not LinkState.PAYING:
            return link
        gateway = self._gateways.get(payment.gateway)
        if gateway is None:
            return link
        outcome = await gateway.lookup(payment.id, payment.ref)
        if isinstance(outcome, Approved) and outcome.amount not in {None, payment.amount}:
            log.critical("a page took another amount", payment=payment.id, taken=str(outcome.amount))
        final = isinstance(outcome, Approved | Declined)
        final = final or (believes_nothing and isinstance(outcome, NotAttempted))
        move = move_for(outcome, payment) if final else None
        if move is not None:
            await self._payments.move(payment.id, move)
        return await self._links.find(link.id) or link

    async def _led_on(self, link: Link, route: Route, return_url: str) -> GoTo | Underway | HeldBack | NotNow:
        """To the page of the best gateway that makes one."""
        attempt: Attempt | None = None
        for choice in route.choices:
            claimed = await self._links.claim(link.id, new_payment_id())
            if claimed.page is not None:
                return GoTo(claimed.page)
            if attempt is None:
                purchase = await self._judging.purchase(link, claimed.payment)
                passed = await self._judging.let_pass(purchase, link, route)
                if isinstance(passed, HeldBack):
                    return passed
                attempt = passed
            found = await opened(self._opening, link, claimed.payment, choice.gateway.name, attempt)
            if isinstance(found, NotNow):
                return found
            answer = await self._page(link, found.payment, attempt.purchase, return_url)
            if answer is not None:
                return answer
        return NotNow("no gateway made a page")

    async def _again(self, link: Link, return_url: str) -> GoTo | Underway | NotNow:
        """To the page that the payment is on, which is made anew where it cannot be kept."""
        claimed = await self._links.claim(link.id, new_payment_id())
        payment = await self._payments.find(claimed.payment)
        if claimed.page is not None or payment is None:
            return GoTo(claimed.page) if claimed.page else NotNow("its payment is not known any more")
        purchase = await self._judging.purchase(link, payment.id)
        return await self._page(link, payment, purchase, return_url) or NotNow("no gateway made a page")

    async def _page(
        self, link: Link, payment: Payment, purchase: Purchase, return_url: str
    ) -> GoTo | Underway | NotNow | None:
        """The page for a payment that is written down; None when none was made, and another may be tried."""
        gateway = self._gateways.get(payment.gateway)
        pages = LINK.of(gateway) if gateway is not None else None
        if pages is None or payment.state not in _MAY_HAVE_A_PAGE:
            return Underway()
        order = PageOrder(
            payment.id, f"{payment.key}_page", link.amount, return_url, link.expires_at, link.description
        )
        answer = await self._judging.asking.ask(
            purchase, pages, Operation.LINK, lambda: pages.link(order), _WITHIN_S
        )
        match answer:
            case Page() as page:
                await self._payments.move(payment.id, Move(State.ACTION_REQUIRED, page.ref, "on the page"))
                if (
                    not page.form
                ):  # a form may carry the address that we are opened by: it is made again instead
                    await self._links.keep_page(link.id, payment.id, page)
                return GoTo(page)
            case Declined() | NotAttempted():
                await self._payments.move(payment.id, Move(State.NOT_ATTEMPTED, reason="no page was made"))
        log.warning("link has no page", link=link.id, gateway=pages.name, answer=type(answer).__name__)
        # a page that nobody saw takes no money; asked again, the gateway gives the same
        return NotNow("the gateway made no page") if isinstance(answer, Unknown) else None


def page_to_json(page: Page) -> str:
    """A page that is a plain link as text, to be written down."""
    return json.dumps({"ref": page.ref, "url": page.url})


def page_from_json(text: str) -> Page | None:
    """What `page_to_json` wrote; None for an empty text."""
    if not text:
        return None
    kept = json.loads(text)
    return Page(kept["ref"], kept["url"])
