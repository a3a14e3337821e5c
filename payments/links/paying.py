"""Paying a link: the one payment of it, on a page of the gateway's, however many windows ask."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import structlog

from core.clock import Clock
from core.ids import new_payment_id
from payments.gateway import LINK, Gateway
from payments.gateway import Links as HasPages
from payments.links.ending import Ending, by_name
from payments.links.link import PAYABLE, Link, LinkState, hash_of
from payments.links.opening import NotNow, Opening
from payments.links.own_page import Fill, OwnPage, RefusedThere, Underway
from payments.links.store import Links
from payments.orders import Page, PageOrder
from payments.outcome import Approved, Declined, NotAttempted, Unknown
from payments.session import State
from payments.settle import move_for
from payments.store import Move, Payment, Payments

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class GoTo:
    """The payer goes on to this page of the gateway's."""

    page: Page


class Paying:
    """Lets links be paid by the first of `gateways` that has pages and takes the currency.

    Where none has, by the first that has card fields for a page of ours.
    """

    def __init__(
        self,
        links: Links,
        payments: Payments,
        gateways: Sequence[Gateway],
        clock: Clock,
        chance: Random,
    ) -> None:
        self._links, self._payments, self._gateways, self._clock = links, payments, gateways, clock
        self._opening = Opening(payments, Ending(payments, by_name(gateways)), clock, chance)
        self._own = OwnPage(links, self._opening, gateways, clock)

    async def opened(self, token: str) -> Link | None:
        """The link of an address, noted as opened; None when there is none. Raises StoreLost."""
        link = await self._links.by_token(hash_of(token))
        if link is not None and link.state(self._clock.now()) in PAYABLE:
            await self._links.opened(link.id)
        return link

    async def pay(self, link: Link, return_url: str) -> GoTo | Fill | Underway | NotNow:
        """The gateway's page for the link's one payment; asked again, the same page. Raises StoreLost."""
        if link.state(self._clock.now()) not in PAYABLE:
            return NotNow("the link is over")
        gateway = self._gateway(link)
        if gateway is None:
            return await self._own.shown(link)
        claimed = await self._links.claim(link.id, new_payment_id())
        if claimed.page is not None:
            return GoTo(claimed.page)
        opened = await self._opening.open(link, claimed.payment, gateway)
        if isinstance(opened, NotNow):
            return opened
        return await self._page(link, opened.payment, gateway, return_url)

    async def charge(self, link: Link, token: str) -> Underway | RefusedThere | NotNow:
        """Charge what the fields of our own page gave, once. Raises StoreLost."""
        return await self._own.charge(link, token)

    async def look(self, link: Link, *, believes_nothing: bool = False) -> Link:
        """Ask the gateway what became of a link's payment; the link as it stands then. Raises StoreLost.

        "Never heard of it" is believed on demand only: a payer may be on the page right now.
        """
        payment = await self._payments.find(link.payment) if link.payment else None
        if payment is None or link.state(self._clock.now()) is not LinkState.PAYING:
            return link
        gateway = next((one for one in self._gateways if one.name == payment.gateway), None)
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

    def _gateway(self, link: Link) -> HasPages | None:
        for one in self._gateways:
            pages = LINK.of(one)
            if pages is not None and one.capabilities.currencies.count(link.amount) is not None:
                return pages
        return None

    async def _page(self, link: Link, payment: Payment, gateway: HasPages, return_url: str) -> GoTo | NotNow:
        order = PageOrder(
            payment.id, f"{payment.key}_page", link.amount, return_url, link.expires_at, link.description
        )
        answer = await gateway.link(order)
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
            case Unknown():
                pass  # a page that nobody saw takes no money; asked again, the gateway gives the same
        log.warning("link has no page", link=link.id, gateway=gateway.name, answer=type(answer).__name__)
        return NotNow("the gateway made no page")


def page_to_json(page: Page) -> str:
    """A page that is a plain link as text, to be written down."""
    return json.dumps({"ref": page.ref, "url": page.url})


def page_from_json(text: str) -> Page | None:
    """What `page_to_json` wrote; None for an empty text."""
    if not text:
        return None
    kept = json.loads(text)
    return Page(kept["ref"], kept["url"])
