"""Judging a link's payment: how risky it is, and where it may be paid, by the rules that hold on a call."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import anyio

from core.clock import Clock
from core.errors import StoreLost
from core.ids import AttemptId, CallId, PaymentId, new_attempt_id
from payments.asking import Asking
from payments.attempt import Attempt, digest_of
from payments.capabilities import Can
from payments.gateway import Gateway
from payments.links.link import Link
from payments.purchase import Method, Purchase
from payments.risk import AllowAll, Decision, Fraud
from payments.route import FirstRoute, Route, Router
from payments.store import Payments

CallerOf = Callable[[CallId], Awaitable[str]]
"""The number (E.164) that a call came from; empty when it was withheld, or is not known any more."""

_WITHIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The fraud screen does not let it pass, and nothing was charged; with `review` a person decides."""

    review: bool


class Judging:
    """Judges payments of links. A page's card is not known here: account, caller and amount count."""

    def __init__(
        self,
        payments: Payments,
        router: Router,
        fraud: Fraud,
        clock: Clock,
        caller_of: CallerOf | None = None,
    ) -> None:
        """`router` and `fraud` are the Desk's."""
        self.asking = Asking(router, fraud)
        self._payments, self._clock, self._caller_of = payments, clock, caller_of

    async def purchase(self, link: Link, payment: PaymentId, caller: str = "") -> Purchase:
        """What is about to be paid by that payment; asked about again, it is the same attempt."""
        if not caller and link.call is not None and self._caller_of is not None:
            caller = await self._caller_of(link.call)
        return Purchase(
            attempt=AttemptId(payment.replace("pay_", "att_", 1)),
            at=self._clock.now(),
            amount=link.amount,
            method=Method.LINK,
            account=link.account,
            call=link.call,
            caller=caller,
            asks_code=False,
        )

    async def route(self, purchase: Purchase, needs: Can) -> Route:
        """The gateways that may take it, best first. Raises StoreLost."""
        return await _within(self.asking.router.route(purchase, needs))

    async def let_pass(self, purchase: Purchase, link: Link, route: Route) -> Attempt | HeldBack:
        """The attempt, to be written down with its payment; one that is held back is written down here.

        Who was held back before, and is let pass now, has made another attempt. Raises StoreLost.
        """
        verdict = await _within(self.asking.fraud.score(purchase))
        digest = digest_of(link.amount, link.account, link.id)
        attempt = Attempt(purchase, purchase.attempt, digest, verdict, route)
        if verdict.decision is not Decision.ALLOW:
            await self._payments.note(attempt)
            return HeldBack(review=verdict.decision is Decision.REVIEW)
        if await self._payments.attempted(attempt.key) is None:
            return attempt
        anew = new_attempt_id()
        return replace(attempt, purchase=replace(purchase, attempt=anew), key=anew)


def judging_none(payments: Payments, gateways: Sequence[Gateway], clock: Clock) -> Judging:
    """Lets all pass, to the first gateway that can: for lines without rules, and for tests."""
    return Judging(payments, FirstRoute(gateways), AllowAll(), clock)


_Told = TypeVar("_Told")


async def _within(answer: Awaitable[_Told]) -> _Told:
    try:
        with anyio.fail_after(_WITHIN_S):
            return await answer
    except TimeoutError:
        raise StoreLost("what is known of a payment could not be read in time") from None
