"""Deciding about an order: how risky it is, and which gateways may take it."""

from typing import Final

import anyio

from core.clock import Clock
from core.ids import AttemptId
from payments.attempt import Attempt, digest_of
from payments.capabilities import Can
from payments.card import CardEntry
from payments.methods import Keep, StoredCard
from payments.orders import Initiator
from payments.purchase import Method, Purchase
from payments.risk import Fraud
from payments.route import Passed, Route, Router
from payments.taken import Order
from payments.vault import SealedAccount, SealedCard

_NEEDED: Final = {
    Method.CARD: Can.RAW_CARD,
    Method.BANK: Can.BANK_DEBIT,
    Method.STORED: Can(0),
}


class Deciding:
    """Scores and routes orders."""

    def __init__(self, router: Router, fraud: Fraud, clock: Clock) -> None:
        self._router, self._fraud, self._clock = router, fraud, clock

    async def decide(
        self, order: Order, attempt: AttemptId, entry: CardEntry | None, within_s: float
    ) -> Attempt:
        """The attempt, ready to be written down. Raises StoreLost and TimeoutError: nothing is taken then."""
        purchase = self._purchase(order, attempt, entry)
        with anyio.fail_after(within_s):
            verdict = await self._fraud.score(purchase)
            route = await self._router.route(purchase, needs(order))
        if isinstance(order.card, StoredCard):
            route = _only(route, order.card.token.gateway)
        return Attempt(purchase, order.key or attempt, digest(order), verdict, route)

    async def on_a_page(self, attempt: Attempt, within_s: float) -> bool:
        """Whether some gateway would take it on a page."""
        with anyio.move_on_after(within_s):
            return bool((await self._router.route(attempt.purchase, Can.LINK)).choices)
        return False

    def _purchase(self, order: Order, attempt: AttemptId, entry: CardEntry | None) -> Purchase:
        keyed_in = order.card.fingerprint if isinstance(order.card, StoredCard) else ""
        if entry is not None and order.method is Method.CARD:
            keyed_in = self._fraud.fingerprint(entry)
        return Purchase(
            attempt=attempt,
            at=self._clock.now(),
            amount=order.amount,
            method=order.method,
            account=order.account,
            call=order.call,
            caller=order.caller,
            brand=order.brand,
            last4=order.last4,
            fingerprint=keyed_in,
            region=order.region,
            address=order.address,
            challenged=order.challenged,
            asks_code=order.asks_code,
            recurring=order.initiator is Initiator.MERCHANT,
        )


def needs(order: Order) -> Can:
    """What a gateway must be able to do for an order."""
    needed = _NEEDED[order.method]
    if order.amount.minor:
        needed |= Can.AUTHORIZE if order.hold else Can.CHARGE
    if order.keep in {Keep.REUSABLE, Keep.PAYMENT_METHOD}:
        needed |= Can.STORE_CARD
    return needed


def digest(order: Order) -> str:
    """What an order asks for, to be compared when its key comes again."""
    match order.card:
        case SealedCard(brand=brand, last4=last4):
            card = f"{brand} {last4}"
        case SealedAccount(last2=last2):
            card = f"{order.holder} {last2}"
        case StoredCard(id=name):
            card = name
    return digest_of(order.amount, order.account, card, order.hold, order.keep, order.initiator)


def _only(route: Route, gateway: str) -> Route:
    """A token is good at its own gateway only."""
    return Route(
        tuple(choice for choice in route.choices if choice.gateway.name == gateway),
        route.passed + tuple(Passed(one, "the card is stored elsewhere") for one in _others(route, gateway)),
        route.policy,
    )


def _others(route: Route, gateway: str) -> list[str]:
    names = [choice.gateway.name for choice in route.choices]
    return [name for name in names if name != gateway]
