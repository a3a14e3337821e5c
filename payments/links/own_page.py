"""Paying a link on a page of ours: the vendor's fields take the card, and its token is charged once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

import structlog

from core.clock import Clock
from core.ids import new_payment_id
from payments.asking import asked
from payments.gateway import FIELDS, PURCHASE, Charges, Gateway, OffersFields
from payments.links.link import PAYABLE, Link, LinkState
from payments.links.opening import NotNow, Opening
from payments.links.store import Links
from payments.orders import Charge, Fields, Initiator, Token
from payments.outcome import DeclineCode, Declined, NotAttempted
from payments.settle import first_move_for
from payments.store import Payment

log = structlog.stdlib.get_logger(__name__)

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")
_WITHIN_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Fill:
    """The payer fills these fields in, on a page of ours."""

    fields: Fields


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
    """Charges at the first of `gateways` that has card fields and takes the currency."""

    def __init__(self, links: Links, opening: Opening, gateways: Sequence[Gateway], clock: Clock) -> None:
        self._links, self._opening, self._gateways, self._clock = links, opening, gateways, clock

    async def shown(self, link: Link) -> Fill | Underway | NotNow:
        """The fields for the link. Nothing is written down yet: the bill may be paid otherwise meanwhile."""
        gateway = self._gateway(link)
        if gateway is None:
            return NotNow(f"no gateway has a page for {link.amount.currency}")
        if link.state(self._clock.now()) is LinkState.PAYING:
            return Underway()
        fields = await asked(gateway, lambda: gateway.fields(link.amount), _WITHIN_S)
        if isinstance(fields, Fields):
            return Fill(fields)
        log.warning("link has no page", link=link.id, gateway=gateway.name, answer=type(fields).__name__)
        return NotNow("the gateway made no fields")

    async def charge(self, link: Link, token: str) -> Underway | RefusedThere | NotNow:
        """Charge what the fields gave, once, however often and from however many windows it comes.

        Whoever writes the payment down charges it; a payment without an answer is left to the reconciler.
        Raises StoreLost.
        """
        gateway = self._gateway(link)
        if gateway is None or not _TOKEN.fullmatch(token):
            return NotNow("no gateway takes what the page sent")
        if link.state(self._clock.now()) not in PAYABLE:
            return NotNow("the link is over")
        claimed = await self._links.claim(link.id, new_payment_id())
        opened = await self._opening.open(link, claimed.payment, gateway)
        if isinstance(opened, NotNow):
            return opened
        if not opened.new:
            return Underway()
        return await self._charged(link, opened.payment, gateway, token)

    async def _charged(
        self, link: Link, payment: Payment, gateway: TakesFields, token: str
    ) -> Underway | RefusedThere | NotNow:
        order = Charge(
            payment.id,
            payment.key,
            payment.amount,
            Token(gateway.name, token),
            link.description,
            Initiator.PAGE,
        )
        outcome = await asked(gateway, lambda: gateway.purchase(order), _WITHIN_S)
        await self._opening.payments.move(payment.id, first_move_for(outcome, payment))
        match outcome:
            case Declined(code):
                return RefusedThere(code)
            case NotAttempted(why):
                return NotNow(why)
            case _:
                return Underway()

    def _gateway(self, link: Link) -> TakesFields | None:
        for one in self._gateways:
            offers = FIELDS.of(one) is not None and PURCHASE.of(one) is not None
            takes = one.capabilities.currencies.count(link.amount) is not None
            if offers and takes and isinstance(one, TakesFields):
                return one
        return None
