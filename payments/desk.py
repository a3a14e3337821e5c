"""The Desk: the one way to take money."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import anyio
import structlog
from anyio.abc import TaskGroup, TaskStatus

from core.clock import Clock
from core.errors import StoreLost
from core.ids import new_payment_id
from payments.card import CardEntry
from payments.gateway import PURCHASE, TOKENIZE, Charges, Gateway
from payments.orders import Charge, Token
from payments.outcome import (
    Approved,
    DeclineCode,
    Declined,
    NotAttempted,
    Outcome,
    Pending,
    RequiresAction,
    Unknown,
)
from payments.refusal import NEXT, Next
from payments.session import State
from payments.settle import move_for
from payments.store import Payment, Payments, ReceiptTaken, StillOpen, TooMuch
from payments.taken import AlreadyInProgress, BillChanged, NotTaken, Order, Paid, Refused, Taken, Unconfirmed
from payments.vault import Vault
from payments.writing import write

log = structlog.stdlib.get_logger(__name__)

Choose = Callable[[Order], Sequence[Gateway]]
"""Which gateways may take an order, best first; the next is asked only when one surely did nothing.

Fraud scores and routing belong here: no gateway at all means that the order is not taken.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each step may last, and how many charges may be under way."""

    open_s: float = 5.0
    tokenize_s: float = 10.0
    purchase_s: float = 30.0
    write_s: float = 3.0  # how long the caller waits for the answer to be written down
    stale_s: float = 60.0  # a charge not sent by then is not sent: a reconciler may have settled it
    at_once: int = 500


class Desk:
    """Takes payments. `run` belongs to the node's task group: a charge outlives its call."""

    def __init__(
        self,
        payments: Payments,
        vault: Vault,
        choose: Choose,
        clock: Clock,
        chance: Random,
        *,
        limits: Limits | None = None,
    ) -> None:
        """`chance` draws the receipt codes: a SystemRandom but in tests."""
        self._payments, self._vault, self._choose = payments, vault, choose
        self._clock, self._chance, self._limits = clock, chance, limits or Limits()
        self._group: TaskGroup | None = None
        self._under_way: set[_Slip] = set()

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled. `drain` first: a charge that is cut off is left to the reconciler."""
        async with anyio.create_task_group() as group:
            self._group = group
            task_status.started()
            try:
                await anyio.sleep_forever()
            finally:
                self._group = None

    async def take(self, order: Order) -> Taken:
        """Take a payment and wait for its answer; cancelling the wait does not cancel the charge.

        The order's card is used up, whatever the answer.
        """
        if self._group is None or len(self._under_way) >= self._limits.at_once:
            self._vault.drop(order.card)
            return NotTaken("the desk is closed" if self._group is None else "too many charges are under way")
        slip = _Slip(order)
        self._under_way.add(slip)
        self._group.start_soon(self._serve, slip)
        await slip.answered.wait()
        return slip.answer

    async def drain(self, within_s: float) -> int:
        """Take nothing new and wait for what is under way; how many were not done in time."""
        self._group = None
        with anyio.move_on_after(within_s):
            while self._under_way:
                await next(iter(self._under_way)).written.wait()
        return len(self._under_way)

    async def _serve(self, slip: "_Slip") -> None:
        try:
            with self._vault.opened(slip.order.card) as entry:
                slip.card = entry
                slip.tell(await self._ask_in_turn(slip, entry))
        except Exception as error:  # one charge must not take the others down with it
            log.error("charge broke", call=slip.order.call, error=type(error).__name__)
        finally:
            slip.tell(Unconfirmed(slip.sent) if slip.sent else NotTaken("the desk broke off"))
            slip.written.set()
            self._under_way.discard(slip)

    async def _ask_in_turn(self, slip: "_Slip", entry: CardEntry | None) -> Taken:
        if entry is None:
            return NotTaken("the card was used before, or waited too long")
        taken: Taken = NotTaken("no gateway may take this order")
        for gateway in self._choose(slip.order):
            payment = await self._open(slip.order, gateway)
            if not isinstance(payment, Payment):
                return payment
            outcome = await self._charge(slip, payment, gateway, entry)
            if not isinstance(outcome, NotAttempted):
                entry.close()
            taken = await self._settle(slip, payment, outcome)
            if not isinstance(outcome, NotAttempted) or slip.answered.is_set():
                break
        return taken

    async def _open(
        self, order: Order, gateway: Gateway
    ) -> Payment | AlreadyInProgress | BillChanged | NotTaken:
        try:
            with anyio.fail_after(self._limits.open_s):
                while True:
                    match await self._payments.open(self._drawn_up(order, gateway)):
                        case StillOpen(other):
                            return AlreadyInProgress(other)
                        case TooMuch(due):
                            return BillChanged(due)
                        case ReceiptTaken():
                            continue
                        case Payment() as payment:
                            return payment
        except (StoreLost, TimeoutError) as error:
            log.error("payment could not be written down", call=order.call, error=str(error))
            return NotTaken("the payment could not be written down")

    def _drawn_up(self, order: Order, gateway: Gateway) -> Payment:
        payment = new_payment_id()
        return Payment(
            id=payment,
            call=order.call,
            account=order.account,
            amount=order.amount,
            state=State.PENDING,
            gateway=gateway.name,
            key=f"{payment}_1",
            brand=order.card.brand.value,
            last4=order.card.last4,
            receipt=f"{self._chance.randrange(10**8):08d}",
            created_at=self._clock.now(),
        )

    async def _charge(self, slip: "_Slip", payment: Payment, gateway: Gateway, entry: CardEntry) -> Outcome:
        taking, charging = TOKENIZE.of(gateway), PURCHASE.of(gateway)
        if taking is None or charging is None:
            return NotAttempted(f"{gateway.name} takes no card on a call")
        token: Token | Declined | NotAttempted | Unknown = Unknown("no token came in time")
        try:
            with anyio.move_on_after(self._limits.tokenize_s):
                token = await taking.tokenize(entry, f"{payment.key}_token")
        except Exception as error:
            token = _fault(gateway, payment, error)
        match token:
            case Unknown(why):
                return NotAttempted(why)  # a token moves no money
            case Declined() | NotAttempted():
                return token
            case Token():
                return await self._purchase(slip, payment, charging, token)

    async def _purchase(self, slip: "_Slip", payment: Payment, gateway: Charges, token: Token) -> Outcome:
        if self._clock.now() - payment.created_at > timedelta(seconds=self._limits.stale_s):
            return NotAttempted("the charge was held up for too long")
        outcome: Outcome = Unknown(f"no answer in {self._limits.purchase_s:g} s")
        charge = Charge(payment.id, payment.key, payment.amount, token, slip.order.description)
        slip.sent = payment
        try:
            with anyio.move_on_after(self._limits.purchase_s):
                outcome = await gateway.purchase(charge)
        except Exception as error:
            outcome = _fault(gateway, payment, error)
        return outcome

    async def _settle(self, slip: "_Slip", payment: Payment, outcome: Outcome) -> Taken:
        with anyio.move_on_after(self._limits.write_s):
            return _taken(outcome, await write(self._payments, payment, move_for(outcome)))
        slip.tell(_untold(outcome, payment))
        return _taken(outcome, await write(self._payments, payment, move_for(outcome)))


class _Slip:
    """One order under way: `answered` is for the caller, `written` for whoever drains the desk."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.answered, self.written = anyio.Event(), anyio.Event()
        self.answer: Taken = NotTaken("not served yet")
        self.sent: Payment | None = None  # what a gateway may have heard of
        self.card: CardEntry | None = None

    def tell(self, answer: Taken) -> None:
        """Answer the caller, who needs the card no more; a second answer comes too late."""
        if not self.answered.is_set():
            self.answer = answer
            self.answered.set()
        if self.card is not None:
            self.card.close()


def _taken(outcome: Outcome, payment: Payment) -> Taken:
    """The answer for the caller, once the payment stands in the store as `payment` does."""
    match outcome:
        case Approved() if payment.state is State.CAPTURED:
            return Paid(payment.receipt, payment)
        case Declined(code):
            return _refused(code)
        case RequiresAction():
            return _refused(DeclineCode.AUTHENTICATION_REQUIRED)
        case NotAttempted(why):
            return NotTaken(why)
        case Approved() | Pending() | Unknown():
            return Unconfirmed(payment)


def _untold(outcome: Outcome, payment: Payment) -> Taken:
    """The answer while the outcome is not written down: money that moved is not yet confirmed."""
    return Unconfirmed(payment) if isinstance(outcome, Approved) else _taken(outcome, payment)


def _refused(code: DeclineCode) -> Refused:
    return Refused(code, NEXT[code] is Next.ANOTHER_CARD)


def _fault(gateway: Gateway, payment: Payment, error: Exception) -> Unknown:
    # only the error's type: its text and its traceback may carry what was sent
    log.error("gateway broke", gateway=gateway.name, payment=payment.id, error=type(error).__name__)
    return Unknown(f"a fault of the gateway ({type(error).__name__})")
