"""What a step says, what it leaves behind, and where it goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ivr.written.cases import Kind
from ivr.written.flow import AnyStep, Asking
from ivr.written.steps import (
    AskAmount,
    AskDate,
    Branch,
    Connect,
    Digits,
    Do,
    Menu,
    Question,
    Say,
    YesNo,
)
from ivr.written.words import Says

Key = tuple[str, ...]

_TARGETS: Final = ("then", "paid", "yes", "no", "open", "closed", "nobody", "otherwise")
_KNOWS_THE_BILL: Final = frozenset({"find_bill", "tell_due", "take_payment", "take_dispute"})


@dataclass(frozen=True, slots=True)
class Way:
    """Where a step goes on: `at` is the key that says so, `answered` when the caller answered on the way."""

    at: Key
    to: str
    answered: bool = False


def ways(step: AnyStep) -> Iterator[Way]:
    """All ways out of a step, but for the end of the call."""
    match step:
        case Menu():
            yield from (Way(("keys", key), choice.then, answered=True) for key, choice in step.keys.items())
        case Branch():
            yield from (Way(("cases", case), to) for case, to in step.cases.items())
        case _:
            pass
    for field in _TARGETS:
        to = getattr(step, field, None)
        if to is not None:
            yield Way((field,), to, answered=isinstance(step, Question) and field != "otherwise")


def says(step: AnyStep) -> Iterator[tuple[Key, Says]]:
    """All that a step says in words of the flow's own, each with its key."""
    match step:
        case Say():
            yield ("say",), step.say
        case Menu() | Digits() | AskAmount() | AskDate() | YesNo():
            yield (step.verb,), asked(step)
            if isinstance(step, Digits) and step.wrong is not None:
                yield ("wrong",), step.wrong
        case Connect() if step.whisper is not None:
            yield ("whisper",), step.whisper
        case _:
            pass


def asked(step: Asking) -> Says:
    """What a question asks."""
    match step:
        case Menu():
            return step.menu
        case Digits():
            return step.digits
        case AskAmount():
            return step.amount
        case AskDate():
            return step.date
        case YesNo():
            return step.yes_no


def gives(step: AnyStep) -> dict[str, Kind]:
    """The values that are known once a step is over."""
    match step:
        case Menu() | Digits() if step.as_ is not None:
            return {step.as_: Kind.DIGITS}
        case AskAmount():
            return {step.as_: Kind.AMOUNT}
        case AskDate():
            return {step.as_: Kind.DAY}
        case YesNo() if step.as_ is not None:
            return {step.as_: Kind.YES_NO}
        case Do() if step.do in _KNOWS_THE_BILL:
            return {"due": Kind.AMOUNT, "ending": Kind.DIGITS}
        case _:
            return {}
