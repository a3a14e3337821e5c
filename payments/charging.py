"""One order served: decided about, written down, charged at one gateway or the next, and answered."""

from dataclasses import replace
from datetime import timedelta

import anyio
import structlog

from core.clock import Clock
from core.errors import StoreLost
from core.ids import new_payment_id
from payments.answering import answer_of, refused, repeated, untold
from payments.asking import Asking
from payments.attempt import Attempt
from payments.deciding import Deciding
from payments.gateway import HOLD, PURCHASE, Gateway
from payments.job import Job
from payments.limits import Limits
from payments.methods import StoredCard
from payments.mistakes import KeyReused
from payments.opening import Draft, Opened, Opening
from payments.orders import Charge, Token
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, Pending
from payments.purchase import Method, Operation
from payments.refusal import Next, follows
from payments.risk import Decision
from payments.settle import first_move_for
from payments.store import Payment, ReceiptTaken, Repeated, StillOpen, TooMuch
from payments.stores import Stores
from payments.taken import (
    AlreadyInProgress,
    BillChanged,
    Challenged,
    InReview,
    Kept,
    NotTaken,
    OnPageOnly,
    Order,
    Ordered,
    Taken,
)
from payments.tokens import Tokens
from payments.writing import write

log = structlog.stdlib.get_logger(__name__)


class Charging:
    """Serves orders, each to its end."""

    def __init__(
        self,
        stores: Stores,
        deciding: Deciding,
        asking: Asking,
        tokens: Tokens,
        opening: Opening,
        *,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._payments, self._methods = stores.payments, stores.methods
        self._deciding, self._asking, self._tokens = deciding, asking, tokens
        self._opening, self._clock, self._limits = opening, clock, limits

    async def serve(self, job: Job) -> Taken:
        """Serve an order; the caller may be answered before this is done, when the store is away."""
        try:
            attempt = await self._decided(job)
            if isinstance(attempt, Attempt):
                return await self._by_decision(job, attempt)
        except (StoreLost, TimeoutError) as error:
            log.error("payment could not be written down", call=job.order.call, error=str(error))
            return NotTaken("the payment could not be written down")
        return attempt

    async def _decided(self, job: Job) -> Attempt | NotTaken:
        attempt = await self._deciding.decide(job.order, job.attempt, job.entry, self._limits.decide_s)
        card = job.order.card
        if isinstance(card, StoredCard) and not await self._methods.use(card.id):
            return NotTaken("the stored card was used before, or forgotten")
        return attempt

    async def _by_decision(self, job: Job, attempt: Attempt) -> Taken:
        match attempt.verdict.decision:
            case Decision.ALLOW:
                pass
            case Decision.CHALLENGE if job.order.challenged:
                pass
            case Decision.CHALLENGE | Decision.REVIEW if job.order.method is Method.BANK:
                return await self._noted(attempt) or NotTaken("the fraud screen asks for more: pay by card")
            case Decision.CHALLENGE | Decision.REVIEW:
                return await self._set_aside(job, attempt)
            case Decision.REFUSE:
                return await self._noted(attempt) or refused(DeclineCode.SUSPECTED_FRAUD)
        if not attempt.route.choices:
            return await self._noted(attempt) or await self._nobody(attempt)
        if not job.order.amount.minor:
            return await self._noted(attempt) or await self._only_kept(job, attempt)
        return await self._in_turn(job, attempt)

    async def _in_turn(self, job: Job, attempt: Attempt) -> Taken:
        """Ask the next gateway only where the one before surely did nothing, or had trouble of its own."""
        taken: Taken = NotTaken("no gateway may take this order")
        for choice in attempt.route.choices:
            gateway = choice.gateway
            payment = await self._open(job.order, attempt, gateway)
            if not isinstance(payment, Payment):
                return payment
            outcome = await self._charge(job, attempt, payment, gateway)
            elsewhere = _goes_on(outcome, gateway)
            if not elsewhere:
                job.wipe()
            taken = await self._settle(job, payment, outcome)
            if not elsewhere or job.answered:
                break
        return taken

    async def _open(self, order: Order, attempt: Attempt, gateway: Gateway) -> Payment | Taken:
        draft = Draft(
            new_payment_id(),
            order.account,
            order.amount,
            gateway.name,
            attempt,
            order.call,
            order.brand,
            order.last4,
        )
        with anyio.fail_after(self._limits.open_s):
            match await self._opening.open(draft):
                case StillOpen(other):
                    return AlreadyInProgress(other)
                case TooMuch(due):
                    return BillChanged(due)
                case ReceiptTaken():
                    return NotTaken("no receipt code is free")
                case Repeated() as found:
                    return _repeated(found, attempt)
                case Opened(payment):
                    return payment

    async def _charge(self, job: Job, attempt: Attempt, payment: Payment, gateway: Gateway) -> Outcome:
        token = await self._tokens.token(job, attempt, gateway, payment.key)
        if not isinstance(token, Token):
            return token
        if self._clock.now() - payment.created_at > timedelta(seconds=self._limits.stale_s):
            return NotAttempted("the charge was held up for too long")
        order = job.order
        charge = Charge(payment.id, payment.key, payment.amount, token, order.description, order.initiator)
        job.sent = payment
        outcome = await self._sent(attempt, gateway, charge, hold=order.hold)
        if isinstance(outcome, Approved) and token.reusable:
            job.kept = await self._kept(job, attempt, token)
        return outcome

    async def _sent(self, attempt: Attempt, gateway: Gateway, charge: Charge, *, hold: bool) -> Outcome:
        holding, charging = HOLD.of(gateway), PURCHASE.of(gateway)
        within_s, purchase = self._limits.purchase_s, attempt.purchase
        if hold and holding is not None:
            ask = holding.authorize
            return await self._asking.ask(
                purchase, gateway, Operation.AUTHORIZE, lambda: ask(charge), within_s
            )
        if charging is None or hold:
            return NotAttempted(f"{gateway.name} cannot {'reserve money' if hold else 'charge a card'}")
        return await self._asking.ask(
            purchase, gateway, Operation.PURCHASE, lambda: charging.purchase(charge), within_s
        )

    async def _settle(self, job: Job, payment: Payment, outcome: Outcome) -> Taken:
        move = first_move_for(outcome, payment)
        with anyio.move_on_after(self._limits.write_s):
            written = await write(self._payments, payment, move)
            if isinstance(outcome, Pending) and job.order.method is Method.BANK:
                return Ordered(written.receipt, written)
            return answer_of(outcome, written, job.kept)
        job.tell(untold(outcome, payment))
        return answer_of(outcome, await write(self._payments, payment, move), job.kept)

    async def _kept(self, job: Job, attempt: Attempt, token: Token) -> StoredCard | None:
        """The card kept beside a charge, which counts more: a store that is away does not break it."""
        try:
            with anyio.fail_after(self._limits.write_s):
                return await self._tokens.keep(job, attempt, token)
        except (StoreLost, TimeoutError):
            log.warning("stored card could not be written down", attempt=attempt.id)
            return None

    async def _only_kept(self, job: Job, attempt: Attempt) -> Taken:
        token = await self._token_somewhere(job, attempt)
        match token:
            case Token():
                return Kept(await self._tokens.keep(job, attempt, token))
            case Declined(code):
                return refused(code)
            case NotAttempted(why):
                return NotTaken(why)

    async def _set_aside(self, job: Job, attempt: Attempt) -> Taken:
        """Keep the card as a token until the payer, or a person, has decided; the digits are not held."""
        if repeated_ := await self._noted(attempt):
            return repeated_
        token = await self._token_somewhere(job, attempt)
        if isinstance(token, Declined):
            return refused(token.code)
        if isinstance(token, NotAttempted):
            return NotTaken(token.why)
        kept = await self._tokens.keep(job, attempt, token)
        key = f"{job.order.key}_again" if job.order.key else ""
        again = replace(job.order, card=kept, key=key, challenged=True)
        review = attempt.verdict.decision is Decision.REVIEW
        return InReview(attempt.id, again) if review else Challenged(again)

    async def _token_somewhere(self, job: Job, attempt: Attempt) -> Token | Declined | NotAttempted:
        token: Token | Declined | NotAttempted = NotAttempted("no gateway takes this card")
        for place, choice in enumerate(attempt.route.choices, start=1):
            token = await self._tokens.token(job, attempt, choice.gateway, f"{attempt.id}_{place}")
            if not isinstance(token, NotAttempted):
                break
        return token

    async def _noted(self, attempt: Attempt) -> Taken | None:
        """Write down an attempt that leads to no payment; the answer of before when its key was used."""
        with anyio.fail_after(self._limits.open_s):
            found = await self._payments.note(attempt)
        return _repeated(found, attempt) if found is not None else None

    async def _nobody(self, attempt: Attempt) -> Taken:
        on_page = await self._deciding.on_a_page(attempt, self._limits.decide_s)
        passed = "; ".join(f"{one.gateway}: {one.reason}" for one in attempt.route.passed)
        return OnPageOnly() if on_page else NotTaken(f"no gateway may take this order ({passed})")


def _goes_on(outcome: Outcome, gateway: Gateway) -> bool:
    match outcome:
        case NotAttempted():
            return True
        case Declined():
            return follows(outcome, gateway.capabilities.after) is Next.ELSEWHERE
        case _:
            return False


def _repeated(found: Repeated, attempt: Attempt) -> Taken:
    if found.digest != attempt.digest:
        raise KeyReused(attempt.key)
    return repeated(found)
