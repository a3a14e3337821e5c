"""What gateways tell by webhook, applied to payments, refunds and disputes: late, twice, or in any order."""

from enum import Enum

import structlog

from core.clock import Clock
from core.ids import RefundId, new_refund_id
from payments.notice import ChargeNews, DisputeNews, Notice, OtherNews, RefundNews
from payments.outcome import Approved, NotAttempted, Outcome, Unknown
from payments.refunds import OPEN_REFUND, Refund, RefundAsked, TooMuchBack
from payments.returning import step_for
from payments.session import UNSETTLED, State
from payments.settle import move_for
from payments.store import Payment
from payments.stores import Stores

log = structlog.stdlib.get_logger(__name__)

_EARLY = UNSETTLED | {State.ACTION_REQUIRED}


class Heard(Enum):
    """What came of a notice."""

    APPLIED = "applied"
    NOTHING_NEW = "nothing_new"
    STRANGE = "strange"  # of a charge that is not ours: a person must look at it


class Hearing:
    """Applies notices. Each may come again, and none overwrites an end."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores, self._clock = stores, clock

    async def hear(self, notice: Notice) -> Heard:
        """Apply one. Raises StoreLost: hand it in again later."""
        match notice.news:
            case ChargeNews() as news:
                heard = await self._charge(notice.gateway, news)
            case RefundNews() as news:
                heard = await self._refund(notice.gateway, news)
            case DisputeNews() as news:
                heard = await self._dispute(notice.gateway, news)
            case OtherNews():
                heard = Heard.NOTHING_NEW
        report = log.warning if heard is Heard.STRANGE else log.info
        report("webhook heard", gateway=notice.gateway, notice=notice.id, heard=heard.value)
        return heard

    async def _charge(self, gateway: str, news: ChargeNews) -> Heard:
        payment = await self._payment(gateway, news)
        if payment is None:
            return Heard.STRANGE
        move = move_for(news.outcome, payment) if _is_news(news.outcome, payment) else None
        if move is None:
            return Heard.NOTHING_NEW
        after = await self._stores.payments.move(payment.id, move)
        return Heard.APPLIED if after != payment else Heard.NOTHING_NEW

    async def _payment(self, gateway: str, news: ChargeNews) -> Payment | None:
        payments = self._stores.payments
        found = await payments.find(news.payment) if news.payment else None
        found = found or await payments.charged_as(gateway, news.ref)
        return found if found is not None and found.gateway == gateway else None

    async def _refund(self, gateway: str, news: RefundNews) -> Heard:
        payment = await self._stores.payments.charged_as(gateway, news.charge_ref)
        if payment is None:
            return Heard.STRANGE
        known = await self._stores.refunds.of(payment.id)
        refund = _meant(known, news) or await self._outside(payment, news)
        if refund is None:
            return Heard.STRANGE
        if refund.state not in OPEN_REFUND or isinstance(news.outcome, Unknown | NotAttempted):
            return Heard.NOTHING_NEW
        to, ref, reason = step_for(news.outcome)
        await self._stores.refunds.settle(refund.id, to, ref or news.ref, reason)
        return Heard.APPLIED

    async def _outside(self, payment: Payment, news: RefundNews) -> Refund | None:
        """A refund that somebody made at the gateway itself; it counts like ours."""
        key = f"{payment.gateway}:{news.ref}"
        asked = RefundAsked(
            new_refund_id(), payment.id, news.amount, key, self._clock.now(), "made at the gateway"
        )
        reserved = await self._stores.refunds.reserve(asked)
        if isinstance(reserved, TooMuchBack):
            log.critical("more was given back than was taken", payment=payment.id, ref=news.ref)
            return None
        return reserved

    async def _dispute(self, gateway: str, news: DisputeNews) -> Heard:
        payment = await self._stores.payments.charged_as(gateway, news.charge_ref)
        if payment is None:
            return Heard.STRANGE
        before = await self._stores.disputes.of(payment.id)
        await self._stores.disputes.note(payment.id, news)
        return Heard.APPLIED if await self._stores.disputes.of(payment.id) != before else Heard.NOTHING_NEW


def _is_news(outcome: Outcome, payment: Payment) -> bool:
    """Whether it may tell more than is known: a late "reserved" takes no capture back."""
    match outcome:
        case Approved(captured=False):
            return payment.state in _EARLY
        case NotAttempted() | Unknown():
            return False
        case _:
            return True


def _meant(known: list[Refund], news: RefundNews) -> Refund | None:
    """The refund of ours that is told of: by our reference, the gateway's, or the open one of that amount."""
    for refund in known:
        if refund.id == RefundId(news.refund) or (refund.ref and refund.ref == news.ref):
            return refund
    if news.refund:
        return None
    return next(
        (one for one in known if one.state in OPEN_REFUND and not one.ref and one.amount == news.amount), None
    )
