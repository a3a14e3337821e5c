"""Paying a link on a page of ours: the vendor's fields take the card, and its token is charged once."""

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol, runtime_checkable

import structlog

from core.clock import Clock
from core.ids import new_payment_id
from payments.asking import asked
from payments.attempt import Attempt
from payments.capabilities import Can
from payments.gateway import LINK, Charges, OffersFields
from payments.links.judging import HeldBack, Judging
from payments.links.link import PAYABLE, Link
from payments.links.opening import NotNow, opened
from payments.links.store import Links
from payments.opening import Opening
from payments.orders import Charge, Fields, Initiator, Token
from payments.outcome import DeclineCode, Declined, NotAttempted
from payments.purchase import Operation, Purchase
from payments.route import Route
from payments.settle import first_move_for
from payments.store import Payment

log = structlog.stdlib.get_logger(__name__)

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")
_WITHIN_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Fill:
    """The payer fills these fields in, on a page of ours; what they give, `gateway` takes."""

    fields: Fields
    gateway: str


@dataclass(frozen=True, slots=True)
class Underway:
    """The link's payment is taken, or may be: what became of it is to be looked at."""


@dataclass(frozen=True, slots=True)
class RefusedThere:
    """The card was refused, and nothing was charged: the payer may take another."""

    code: DeclineCode


@runtime_checkable
class TakesFields(OffersFields, Charges, Protocol):
    """A gateway whose fields give a token that it charges."""


class OwnPage:
    """Charges at the best gateway that has card fields, and no page of its own."""

    def __init__(self, links: Links, opening: Opening, judging: Judging, clock: Clock) -> None:
        self._links, self._opening, self._judging, self._clock = links, opening, judging, clock

    async def shown(self, link: Link) -> Fill | NotNow:
        """The fields for the link. Nothing is written down yet: the bill may be paid otherwise meanwhile."""
        purchase = await self._judging.purchase(link, new_payment_id())
        route = await self._route(purchase)
        for choice in route.choices:
            gateway = choice.gateway
            if isinstance(gateway, TakesFields):
                fields = await asked(gateway, partial(gateway.fields, link.amount), _WITHIN_S)
                if isinstance(fields, Fields):
                    return Fill(fields, gateway.name)
                log.warning(
                    "link has no page", link=link.id, gateway=gateway.name, answer=type(fields).__name__
                )
        return NotNow(f"no gateway has a page for {link.amount.currency}")

    async def charge(
        self, link: Link, token: str, gateway: str
    ) -> Underway | RefusedThere | HeldBack | NotNow:
        """Charge what the fields gave at their gateway, once, however often and from however many windows.

        Whoever writes the payment down charges it; a payment without an answer is left to the reconciler.
        Raises StoreLost.
        """
        if not _TOKEN.fullmatch(token):
            return NotNow("no gateway takes what the page sent")
        if link.state(self._clock.now()) not in PAYABLE:
            return NotNow("the link is over")
        if link.begun:
            return Underway()
        route = await self._route(await self._judging.purchase(link, new_payment_id()), gateway)
        at = route.choices[0].gateway if route.choices else None
        if not isinstance(at, TakesFields):
            return NotNow("no gateway takes what the page sent")
        return await self._charged_at(at, link, route, token)

    async def _charged_at(
        self, gateway: TakesFields, link: Link, route: Route, token: str
    ) -> Underway | RefusedThere | HeldBack | NotNow:
        claimed = await self._links.claim(link.id, new_payment_id())
        purchase = await self._judging.purchase(link, claimed.payment)
        attempt = await self._judging.let_pass(purchase, link, route)
        if isinstance(attempt, HeldBack):
            return attempt
        found = await opened(self._opening, link, claimed.payment, gateway.name, attempt)
        if isinstance(found, NotNow):
            return found
        if not found.new:
            return Underway()
        return await self._charged(link, found.payment, gateway, token, attempt)

    async def _charged(
        self, link: Link, payment: Payment, gateway: TakesFields, token: str, attempt: Attempt
    ) -> Underway | RefusedThere | NotNow:
        order = Charge(
            payment.id,
            payment.key,
            payment.amount,
            Token(gateway.name, token),
            link.description,
            Initiator.PAGE,
        )
        outcome = await self._judging.asking.ask(
            attempt.purchase, gateway, Operation.PURCHASE, lambda: gateway.purchase(order), _WITHIN_S
        )
        await self._opening.payments.move(payment.id, first_move_for(outcome, payment))
        match outcome:
            case Declined(code):
                return RefusedThere(code)
            case NotAttempted(why):
                return NotNow(why)
            case _:
                return Underway()

    async def _route(self, purchase: Purchase, gateway: str = "") -> Route:
        """The gateways whose fields a page of ours may show, or that one of them alone."""
        route = await self._judging.route(purchase, Can.FIELDS | Can.CHARGE)
        choices = tuple(
            choice
            for choice in route.choices
            if LINK.of(choice.gateway) is None and gateway in {"", choice.gateway.name}
        )
        return replace(route, choices=choices)
