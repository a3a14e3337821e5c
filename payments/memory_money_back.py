"""Refunds, disputes and payment methods kept in memory, beside the payments kept there."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.ids import AccountId, PaymentId, RefundId
from core.money import Money
from payments.disputes import (
    Answer,
    AnswerState,
    Dispute,
    KeptDisputes,
    NoSuchDispute,
    answer_after,
    state_after,
)
from payments.ledger import disputed, refunded
from payments.memory import MemoryPayments
from payments.methods import KeptMethods, MethodId, StoredCard
from payments.mistakes import KeyReused
from payments.notice import DisputeNews, Stage
from payments.refunds import (
    OPEN_REFUND,
    REFUNDABLE,
    KeptRefunds,
    Refund,
    RefundAsked,
    RefundState,
    TooMuchBack,
)
from payments.session import State, may_move
from payments.stores import Stores


@dataclass(slots=True)
class MemoryRefunds(KeptRefunds):
    """Refunds of the payments in `payments`."""

    payments: MemoryPayments
    _refunds: dict[RefundId, Refund] = field(default_factory=dict)
    _touched: dict[RefundId, datetime] = field(default_factory=dict)

    async def reserve(self, asked: RefundAsked) -> Refund | TooMuchBack:
        """Write a PENDING refund down, if so much is left."""
        if (known := self._of_key(asked.key)) is not None:
            if known.payment != asked.payment or asked.amount not in {None, known.amount}:
                raise KeyReused(asked.key)
            return known
        payment = self.payments.get(asked.payment)
        left = payment.left
        amount = asked.amount or left
        if payment.state not in REFUNDABLE or amount.currency != left.currency or amount.minor > left.minor:
            return TooMuchBack(left if payment.state in REFUNDABLE else Money(0, left.currency))
        if not amount.minor:
            return TooMuchBack(left)
        self.payments.keep(replace(payment, returned_minor=payment.returned_minor + amount.minor))
        return self._keep(
            Refund(
                id=asked.id,
                payment=asked.payment,
                amount=amount,
                state=RefundState.PENDING,
                gateway=payment.gateway,
                charge_ref=payment.ref,
                key=asked.key,
                created_at=asked.at,
                reason=asked.reason,
            )
        )

    async def settle(self, refund: RefundId, to: RefundState, ref: str = "", reason: str = "") -> Refund:
        """Take an open refund to another state."""
        old = self._refunds[refund]
        if old.state not in OPEN_REFUND:
            return old
        payment = self.payments.get(old.payment)
        new = self._keep(replace(old, state=to, ref=ref or old.ref, reason=reason or old.reason))
        if to is RefundState.DONE:
            self.payments.ledger.extend(refunded(payment.account, payment.gateway, old.amount))
            done = sum(one.amount.minor for one in self._of(payment.id) if one.state is RefundState.DONE)
            state = State.REFUNDED if done == payment.captured_minor else State.PARTIALLY_REFUNDED
            if may_move(payment.state, state):
                self.payments.keep(replace(payment, state=state))
        if to is RefundState.FAILED:
            free = payment.returned_minor - old.amount.minor
            self.payments.keep(replace(payment, returned_minor=free))
        return new

    async def of(self, payment: PaymentId) -> list[Refund]:
        """The refunds of a payment, oldest first."""
        return self._of(payment)

    async def unsettled(self, older_than: timedelta) -> list[Refund]:
        """Open refunds that nobody has touched for that long, oldest first."""
        until = self.payments.clock.now() - older_than
        open_ones = [one for one in self._refunds.values() if one.state in OPEN_REFUND]
        return [one for one in open_ones if self._touched[one.id] <= until]

    def _of_key(self, key: str) -> Refund | None:
        return next((refund for refund in self._refunds.values() if refund.key == key), None)

    def _of(self, payment: PaymentId) -> list[Refund]:
        return [refund for refund in self._refunds.values() if refund.payment == payment]

    def _keep(self, refund: Refund) -> Refund:
        self._refunds[refund.id] = refund
        self._touched[refund.id] = self.payments.clock.now()
        return refund


@dataclass(slots=True)
class MemoryDisputes(KeptDisputes):
    """Disputes of the payments in `payments`."""

    payments: MemoryPayments
    _disputes: dict[tuple[str, str], Dispute] = field(default_factory=dict)

    async def note(self, payment: PaymentId, news: DisputeNews) -> Dispute:
        """Write a stage down; what came before, or came twice, does nothing."""
        paid = self.payments.get(payment)
        old = self._disputes.get((paid.gateway, news.ref))
        if old is not None and (old.stage is not Stage.OPENED or news.stage is Stage.OPENED):
            return old
        stages = [news.stage] if old is not None or news.stage is Stage.OPENED else [Stage.OPENED, news.stage]
        amount = old.amount if old else news.amount
        for stage in stages:
            self.payments.ledger.extend(disputed(stage, paid.account, paid.gateway, amount))
            to = state_after(stage, self.payments.get(payment))
            if may_move(self.payments.get(payment).state, to):
                self.payments.keep(replace(self.payments.get(payment), state=to))
        opened_at = old.opened_at if old else self.payments.clock.now()
        new = Dispute(
            paid.gateway, news.ref, payment, news.stage, amount, news.reason, news.due_by, opened_at
        )
        new = replace(new, answer=old.answer if old else None)
        self._disputes[paid.gateway, news.ref] = new
        return new

    async def find(self, gateway: str, ref: str) -> Dispute | None:
        """One dispute."""
        return self._disputes.get((gateway, ref))

    async def answer(self, gateway: str, ref: str, answer: Answer) -> Dispute:
        """Write an answer down."""
        dispute = self._disputes.get((gateway, ref))
        if dispute is None:
            raise NoSuchDispute(gateway, ref)
        return self._keep(replace(dispute, answer=answer_after(dispute, answer)))

    async def answered(self, gateway: str, ref: str, key: str, to: AnswerState, reason: str) -> Dispute:
        """What the gateway made of it."""
        dispute = self._disputes[gateway, ref]
        if dispute.answer is None or dispute.answer.key != key:
            return dispute
        return self._keep(replace(dispute, answer=replace(dispute.answer, state=to, reason=reason)))

    def _keep(self, dispute: Dispute) -> Dispute:
        self._disputes[dispute.gateway, dispute.ref] = dispute
        return dispute

    async def of(self, payment: PaymentId) -> list[Dispute]:
        """The disputes of a payment, oldest first."""
        return [dispute for dispute in self._disputes.values() if dispute.payment == payment]


@dataclass(slots=True)
class MemoryMethods(KeptMethods):
    """Payment methods that are forgotten with the process."""

    _cards: dict[MethodId, StoredCard] = field(default_factory=dict)
    _used: set[MethodId] = field(default_factory=set)

    async def keep(self, card: StoredCard) -> None:
        """Write it down."""
        self._cards.setdefault(card.id, card)

    async def find(self, method: MethodId) -> StoredCard | None:
        """One that was not forgotten."""
        return self._cards.get(method)

    async def use(self, method: MethodId) -> bool:
        """Whether it may be charged now."""
        card = self._cards.get(method)
        if card is None or (method in self._used and not card.token.reusable):
            return False
        self._used.add(method)
        return True

    async def listed(self, account: AccountId) -> list[StoredCard]:
        """A customer's own payment methods, newest first."""
        return [card for card in reversed(self._cards.values()) if card.account == account and card.listed]

    async def owner(self, account: AccountId, gateway: str) -> str:
        """The gateway's id of the customer."""
        tokens = [card.token for card in self._cards.values() if card.account == account]
        return next((token.owner for token in tokens if token.gateway == gateway and token.owner), "")

    async def forget(self, method: MethodId) -> None:
        """Never charge it again."""
        self._cards.pop(method, None)


def memory_stores(payments: MemoryPayments) -> Stores:
    """All stores, in memory, around these payments."""
    return Stores(payments, MemoryRefunds(payments), MemoryDisputes(payments), MemoryMethods())
