"""Money as the API shows it: payments, why they went where they went, and what came after them."""

from datetime import datetime

from pydantic import BaseModel

from db.decisions import Decision
from db.ledger_list import Entry
from payments.disputes import Answer, AnswerKind, AnswerState, Dispute
from payments.notice import Stage
from payments.refunds import Refund, RefundState
from payments.session import State
from payments.store import Payment


class PaymentOut(BaseModel):
    """A payment: one charge at one gateway. `ref` is the gateway's id of it, `reason` why it stands so."""

    id: str
    call: str | None
    account: str
    amount_minor: int
    currency: str
    captured_minor: int
    returned_minor: int
    state: State
    gateway: str
    brand: str
    last4: str
    receipt: str
    ref: str
    reason: str
    attempt: str | None
    created_at: datetime

    @classmethod
    def of(cls, payment: Payment) -> "PaymentOut":
        """The payment as it stands."""
        return cls(
            id=payment.id,
            call=payment.call,
            account=payment.account,
            amount_minor=payment.amount.minor,
            currency=payment.amount.currency,
            captured_minor=payment.captured_minor,
            returned_minor=payment.returned_minor,
            state=payment.state,
            gateway=payment.gateway,
            brand=payment.brand,
            last4=payment.last4,
            receipt=payment.receipt,
            ref=payment.ref,
            reason=payment.reason,
            attempt=payment.attempt,
            created_at=payment.created_at,
        )


class RefundOut(BaseModel):
    """A refund; `unknown` is one of which the gateway has not said yet what became of it."""

    id: str
    payment: str
    amount_minor: int
    currency: str
    state: RefundState
    gateway: str
    ref: str
    reason: str
    created_at: datetime

    @classmethod
    def of(cls, refund: Refund) -> "RefundOut":
        """The refund as it stands."""
        return cls(
            id=refund.id,
            payment=refund.payment,
            amount_minor=refund.amount.minor,
            currency=refund.amount.currency,
            state=refund.state,
            gateway=refund.gateway,
            ref=refund.ref,
            reason=refund.reason,
            created_at=refund.created_at,
        )


class AnswerOut(BaseModel):
    """What we said to a dispute; `unknown` means that it may not have arrived: say it again."""

    kind: AnswerKind
    state: AnswerState
    at: datetime
    reason: str

    @classmethod
    def of(cls, answer: Answer) -> "AnswerOut":
        """The answer as it stands."""
        return cls(kind=answer.kind, state=answer.state, at=answer.at, reason=answer.reason)


class PaymentDisputeOut(BaseModel):
    """A dispute of a payment, in short."""

    gateway: str
    ref: str
    stage: Stage
    amount_minor: int
    currency: str
    reason: str
    opened_at: datetime
    due_by: datetime | None
    answer: AnswerOut | None

    @classmethod
    def of(cls, dispute: Dispute) -> "PaymentDisputeOut":
        """The dispute as it stands."""
        return cls(
            gateway=dispute.gateway,
            ref=dispute.ref,
            stage=dispute.stage,
            amount_minor=dispute.amount.minor,
            currency=dispute.amount.currency,
            reason=dispute.reason,
            opened_at=dispute.opened_at,
            due_by=dispute.due_by,
            answer=AnswerOut.of(dispute.answer) if dispute.answer else None,
        )


class EntryOut(BaseModel):
    """A line of a posting: debits above zero, credits below; the lines of a `reference` sum to zero."""

    id: str
    at: datetime
    reference: str
    account: str
    amount_minor: int
    currency: str

    @classmethod
    def of(cls, entry: Entry) -> "EntryOut":
        """One line."""
        return cls(
            id=entry.id,
            at=entry.at,
            reference=entry.reference,
            account=entry.account,
            amount_minor=entry.amount.minor,
            currency=entry.amount.currency,
        )


class RiskOut(BaseModel):
    """What the fraud screen said, and why."""

    decision: str
    score: float
    reasons: list[str]
    model: str


class ChoiceOut(BaseModel):
    """A gateway that may take it, and why it stands where it stands."""

    gateway: str
    reasons: list[str]


class PassedOut(BaseModel):
    """A gateway that was passed over, and why."""

    gateway: str
    reason: str


class RoutingOut(BaseModel):
    """The gateways in the order in which they are asked, and those that are not."""

    policy: str
    choices: list[ChoiceOut]
    passed: list[PassedOut]


class DecisionOut(BaseModel):
    """An attempt to pay, and what was decided about it."""

    id: str
    at: datetime
    call: str | None
    account: str
    amount_minor: int
    currency: str
    method: str
    risk: RiskOut
    routing: RoutingOut

    @classmethod
    def of(cls, decision: Decision) -> "DecisionOut":
        """What was decided."""
        return cls(
            id=decision.id,
            at=decision.at,
            call=decision.call,
            account=decision.account,
            amount_minor=decision.amount.minor,
            currency=decision.amount.currency,
            method=decision.method,
            risk=RiskOut.model_validate(decision.risk),
            routing=RoutingOut.model_validate(decision.route),
        )
