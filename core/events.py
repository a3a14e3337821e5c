"""Facts worth keeping: what happened in a call, for its timeline, the dashboard and the audit trail.

A fact says nothing secret: keys are counted, cards are masked. It is written once and never changed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.ids import CallId, PaymentId


@dataclass(frozen=True, slots=True)
class CallStarted:
    """The line took a call; `number` is the line's own, `caller` the other party's (E.164 or empty)."""

    call: CallId
    number: str
    caller: str
    flow: str


@dataclass(frozen=True, slots=True)
class RecordingBegan:
    """The call is recorded from here on; while a card is entered it is not."""

    call: CallId


@dataclass(frozen=True, slots=True)
class StepReached:
    """The call came to a step of a flow that an admin wrote; both by the names that the admin gave."""

    call: CallId
    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class Said:
    """The line began to say something; `text` is what the caller hears, in words."""

    call: CallId
    prompt: str
    text: str


@dataclass(frozen=True, slots=True)
class SaidAll:
    """The prompt ended; `interrupted` when the caller's key cut it short."""

    call: CallId
    prompt: str
    interrupted: bool


@dataclass(frozen=True, slots=True)
class Pressed:
    """The caller pressed keys in answer to a question; only their number is kept."""

    call: CallId
    question: str
    keys: int


@dataclass(frozen=True, slots=True)
class Spoke:
    """The caller said something in answer to a question; `text` is what was understood, redacted.

    `waited_ms` is the silence that told that they had finished, `thought_ms` what the recognizer took then.
    """

    call: CallId
    question: str
    text: str
    waited_ms: int
    thought_ms: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A question got its answer; `value` is what was understood, masked where it is sensitive."""

    call: CallId
    question: str
    value: str


@dataclass(frozen=True, slots=True)
class CardProgress:
    """A field of the card is being entered: `field` as hosted pay verbs name it, `mask` like `xxxx`."""

    call: CallId
    field: str
    mask: str
    complete: bool


@dataclass(frozen=True, slots=True)
class CardRefused:
    """What was keyed in for a field is wrong; `error` as hosted pay verbs name it, attempts from 1."""

    call: CallId
    field: str
    error: str
    attempt: int


@dataclass(frozen=True, slots=True)
class CaptureEnded:
    """A capture is over, however it ended; `result` as hosted pay verbs name it."""

    call: CallId
    result: str


@dataclass(frozen=True, slots=True)
class PaymentMoved:
    """A payment reached a state; `detail` names the gateway and its reason, in words."""

    call: CallId | None
    payment: PaymentId
    state: str
    amount_minor: int
    currency: str
    gateway: str
    detail: str


@dataclass(frozen=True, slots=True)
class LinkMoved:
    """A payment link reached a state (created, sent, opened, paid, expired, cancelled)."""

    call: CallId | None
    link: str
    state: str
    amount_minor: int
    currency: str
    payment: str


@dataclass(frozen=True, slots=True)
class CallHandedOver:
    """The call went on to a person or another number."""

    call: CallId
    to: str
    result: str


@dataclass(frozen=True, slots=True)
class SpeaksLanguage:
    """From here on the call is in another language (BCP 47)."""

    call: CallId
    language: str


@dataclass(frozen=True, slots=True)
class CallerUpset:
    """The caller is upset and is offered a person; `score` is 1 or more (ivr.mood)."""

    call: CallId
    question: str
    score: float


@dataclass(frozen=True, slots=True)
class RequestMoved:
    """What a caller wants of people was written down, or done: `about` is `call_back` or `dispute`."""

    call: CallId | None
    request: str
    about: str
    state: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The call is over; `outcome` is the flow's result, `cause` the telephone reason."""

    call: CallId
    outcome: str
    cause: str
    seconds: float


Fact = (
    CallStarted
    | RecordingBegan
    | StepReached
    | Said
    | SaidAll
    | Pressed
    | Spoke
    | Answered
    | CardProgress
    | CardRefused
    | CaptureEnded
    | PaymentMoved
    | LinkMoved
    | CallHandedOver
    | SpeaksLanguage
    | CallerUpset
    | RequestMoved
    | CallEnded
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact with its place: `seq` grows by one for each fact that was kept, across all calls."""

    seq: int
    at: datetime
    fact: Fact


class Facts(Protocol):
    """Where facts of a conversation are told. Telling never waits and never fails the call."""

    def tell(self, fact: Fact) -> None:
        """Hand a fact on; it is kept and shown soon after."""
        ...
