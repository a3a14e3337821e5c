"""Disputes as they are written down: each stage once, in whatever order the gateway tells of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money
from payments.mistakes import CannotDo, KeyReused
from payments.notice import DisputeNews, Stage
from payments.session import State
from payments.store import Payment


class NoSuchDispute(BadInput):
    """A dispute that was never told of."""

    def __init__(self, gateway: str, ref: str) -> None:
        super().__init__(f"{gateway} has told of no dispute {ref!r}: `tellerline disputes list` shows them")


class AnswerKind(Enum):
    """What we say to a dispute."""

    EVIDENCE = "evidence"
    ACCEPTED = "accepted"


class AnswerState(Enum):
    """Where our answer stands."""

    PENDING = "pending"  # written down; the gateway may or may not have heard of it
    UNKNOWN = "unknown"  # sent, and nothing came back: send it again
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What we say to a dispute; `key` is its idempotency key, `digest` tells one text from another."""

    kind: AnswerKind
    key: str
    digest: str
    at: datetime
    state: AnswerState = AnswerState.PENDING
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A payment that the cardholder disputes before the bank; `due_by` is until when evidence is taken.

    `answer` is the last thing that we said to it.
    """

    gateway: str
    ref: str
    payment: PaymentId
    stage: Stage
    amount: Money
    reason: str
    due_by: datetime | None
    opened_at: datetime
    answer: Answer | None = None


def answer_after(dispute: Dispute, new: Answer) -> Answer:
    """The answer to send, or the one that this key gave before. Raises KeyReused, CannotDo.

    What the gateway may not have heard is sent again; giving in may follow evidence, nothing follows it.
    """
    old = dispute.answer
    if old is not None and old.key == new.key:
        if (old.kind, old.digest) != (new.kind, new.digest):
            raise KeyReused(new.key)
        return old
    if dispute.stage is not Stage.OPENED:
        raise CannotDo(f"the dispute {dispute.ref} is {dispute.stage.value}: it takes no more answers")
    if old is None or old.state is AnswerState.REFUSED or (old.kind, old.digest) == (new.kind, new.digest):
        return new
    if old.kind is AnswerKind.EVIDENCE and new.kind is AnswerKind.ACCEPTED:
        return new
    raise CannotDo(f"the dispute {dispute.ref} was answered already ({old.kind.value}, {old.state.value})")


def state_after(stage: Stage, payment: Payment) -> State:
    """Where a stage takes its payment, if its TRANSITIONS allow."""
    match stage:
        case Stage.OPENED:
            return State.DISPUTED
        case Stage.WON:
            return State.PARTIALLY_REFUNDED if payment.returned_minor else State.CAPTURED
        case Stage.LOST:
            return State.CHARGED_BACK


class KeptDisputes(Protocol):
    """Where disputes are written down. Raises StoreLost when the store does not answer."""

    async def note(self, payment: PaymentId, news: DisputeNews) -> Dispute:
        """Write a stage down, post the ledger, move the payment; what is old, or comes twice, does nothing.

        A dispute that is first heard of when it is over is posted as opened, too.
        """
        ...

    async def find(self, gateway: str, ref: str) -> Dispute | None:
        """One dispute, by the gateway's id of it."""
        ...

    async def answer(self, gateway: str, ref: str, answer: Answer) -> Dispute:
        """Write an answer down before the gateway hears of it, as `answer_after` says.

        Raises NoSuchDispute, and what `answer_after` raises.
        """
        ...

    async def answered(self, gateway: str, ref: str, key: str, to: AnswerState, reason: str) -> Dispute:
        """What the gateway made of the answer with that key; another one stands as it is."""
        ...

    async def of(self, payment: PaymentId) -> list[Dispute]:
        """The disputes of a payment, oldest first."""
        ...
