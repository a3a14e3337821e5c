"""The Desk: the one way to take money, and to give it back."""

from collections.abc import Mapping
from random import Random

import anyio
from anyio.abc import TaskStatus

from core.clock import Clock
from core.errors import BadInput, StoreLost
from core.ids import PaymentId
from core.money import Money
from payments.answering import repeated
from payments.asking import Asking
from payments.bank_tokens import BankOrder, BankTokens
from payments.capabilities import CardOnCall
from payments.charging import Charging
from payments.contesting import Contesting
from payments.counter import Counter, Slip
from payments.deciding import Deciding, digest
from payments.disputes import Dispute
from payments.gateway import Gateway
from payments.hearing import Heard, Hearing
from payments.holding import Holding
from payments.job import Job
from payments.limits import Limits
from payments.links.ending import Ending
from payments.methods import Keep, StoredCard
from payments.mistakes import BadAmount, KeyReused
from payments.notice import Notice
from payments.opening import Opening
from payments.orders import Token
from payments.purchase import Method
from payments.refunds import Refund, TooMuchBack
from payments.returning import Returning
from payments.risk import AllowAll, Fraud
from payments.route import Router
from payments.store import Payment
from payments.stores import Stores
from payments.taken import NotTaken, Order, Taken
from payments.tokens import NoToken, Tokens
from payments.vault import Vault


class Desk:
    """Takes payments, gives them back. `run` belongs to the node's task group: a charge outlives its call."""

    def __init__(
        self,
        stores: Stores,
        vault: Vault,
        gateways: Mapping[str, Gateway],
        router: Router,
        *,
        clock: Clock,
        chance: Random,
        fraud: Fraud | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`gateways` are all that are set up; `chance` draws receipt codes: a SystemRandom but in tests."""
        limits, fraud = limits or Limits(), fraud or AllowAll()
        asking = Asking(router, fraud)
        tokens = Tokens(stores.methods, asking, clock, limits)
        self._vault, self._payments, self._limits = vault, stores.payments, limits
        self._gateways = gateways
        self._charging = Charging(
            stores,
            Deciding(router, fraud, clock),
            asking,
            tokens,
            Opening(stores.payments, Ending(stores.payments, gateways), clock, chance),
            clock=clock,
            limits=limits,
        )
        self._banks = BankTokens(vault, tokens, asking, clock, limits)
        self._holding = Holding(stores.payments, gateways, limits)
        self._returning = Returning(stores, gateways, clock, limits)
        self._contesting = Contesting(stores, gateways, clock, limits)
        self._hearing = Hearing(stores, clock)
        self._counter = Counter(limits.at_once)
        self._by_key: dict[str, tuple[str, Slip[Taken]]] = {}

    def takes_cards(self, amount: Money) -> bool:
        """Whether any gateway takes a card for that amount on a call; where none does, it takes a page."""
        return any(
            one.capabilities.card is CardOnCall.RAW and one.capabilities.currencies.count(amount) is not None
            for one in self._gateways.values()
        )

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled. `drain` first: a charge that is cut off is left to the reconciler."""
        await self._counter.run(task_status=task_status)

    async def drain(self, within_s: float) -> int:
        """Take nothing new and wait for what is under way; how many were not done in time."""
        return await self._counter.drain(within_s)

    async def take(self, order: Order) -> Taken:
        """Take a payment and wait for its answer; cancelling the wait does not cancel the charge.

        What was keyed in is used up, whatever the answer. Raises BadAmount, and KeyReused when the order's
        key was used for another order; nothing is written then.
        """
        try:
            _check(order)
            slip = self._same(order)
        except BadInput:
            self._drop(order)
            raise
        if slip is not None:
            self._drop(order)
            return await slip.answer()
        if closed := self._counter.closed:
            self._drop(order)
            return NotTaken(closed)
        job = Job(order)
        if order.key:
            self._by_key[order.key] = digest(order), job.slip
        self._counter.serve(job.slip, lambda: self._serve(job))
        return await job.slip.answer()

    async def keep_account(self, order: BankOrder) -> Token | NoToken:
        """Trade a keyed-in bank account for a token, which moves no money.

        Cancelling the wait does not stop it. Raises StoreLost.
        """
        return await self._counter.outlive(lambda: self._banks.make(order))

    async def capture(self, payment: PaymentId, amount: Money | None = None) -> Payment:
        """Take reserved money, as `Holding.capture` says; cancelling the wait does not stop it."""
        return await self._counter.outlive(lambda: self._holding.capture(payment, amount))

    async def void(self, payment: PaymentId) -> Payment:
        """Let reserved money go, as `Holding.void` says; cancelling the wait does not stop it."""
        return await self._counter.outlive(lambda: self._holding.void(payment))

    async def refund(
        self, payment: PaymentId, amount: Money | None = None, *, key: str, reason: str = ""
    ) -> Refund | TooMuchBack:
        """Give money back, as `Returning.refund` says; cancelling the wait does not stop it."""
        return await self._counter.outlive(lambda: self._returning.refund(payment, amount, key, reason))

    async def contest(self, gateway: str, dispute: str, text: str, *, key: str) -> Dispute:
        """Hand evidence in, as `Contesting.contest` says; cancelling the wait does not stop it."""
        return await self._counter.outlive(lambda: self._contesting.contest(gateway, dispute, text, key))

    async def concede(self, gateway: str, dispute: str, *, key: str) -> Dispute:
        """Give a dispute up, as `Contesting.concede` says; cancelling the wait does not stop it."""
        return await self._counter.outlive(lambda: self._contesting.concede(gateway, dispute, key))

    async def hear(self, notice: Notice) -> Heard:
        """Apply a webhook that was verified; it may come twice and in any order. Raises StoreLost."""
        return await self._hearing.hear(notice)

    def _same(self, order: Order) -> Slip[Taken] | None:
        """The same order under way here."""
        asked, slip = self._by_key.get(order.key, ("", None))
        if slip is not None and asked != digest(order):
            raise KeyReused(order.key)
        return slip

    async def _serve(self, job: Job) -> None:
        try:
            known = await self._known(job.order)
            job.tell(known if known is not None else await self._charged(job))
        finally:
            self._drop(job.order)
            self._by_key.pop(job.order.key, None)

    async def _charged(self, job: Job) -> Taken:
        card = job.order.card
        if isinstance(card, StoredCard):
            return await self._charging.serve(job)
        with self._vault.opened(card) as job.entry:
            if job.entry is None:
                return NotTaken("what was keyed in was used before, or waited too long")
            return await self._charging.serve(job)

    async def _known(self, order: Order) -> Taken | None:
        """The answer to an order whose key was used before, on any node; None for a new one."""
        if not order.key:
            return None
        try:
            with anyio.fail_after(self._limits.open_s):
                found = await self._payments.attempted(order.key)
        except (StoreLost, TimeoutError):
            return NotTaken("the store cannot be asked about the order's key")
        if found is not None and found.digest != digest(order):
            raise KeyReused(order.key)
        return repeated(found) if found is not None else None

    def _drop(self, order: Order) -> None:
        if not isinstance(order.card, StoredCard):
            self._vault.drop(order.card)


def _check(order: Order) -> None:
    bank = order.method is Method.BANK
    if bank and (order.hold or order.keep is not Keep.NOTHING or not order.amount.minor):
        raise BadAmount("a bank account is debited once: `keep_account` keeps one, and none reserves money")
    if order.amount.minor < 0:
        raise BadAmount(f"{order.amount} cannot be taken: an amount is above zero, or zero to keep the card")
    if not order.amount.minor and order.keep is Keep.NOTHING:
        raise BadAmount(f"{order.amount} takes nothing: say how the card is to be kept, or name an amount")
    if not order.amount.minor and isinstance(order.card, StoredCard):
        raise BadAmount(f"{order.amount} from a stored card does nothing: it is kept already")
