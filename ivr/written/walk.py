"""What somebody does who walks through a flow without a call, and what is noted of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.events import Answered, CallEnded, CallHandedOver, Fact, Said, StepReached

Kind = Literal["step", "said", "pressed", "answered", "handed_over", "ended", "waits"]


@dataclass(frozen=True, slots=True)
class Walk:
    """Keys for each question, in order; `at` is when they call, now if left out."""

    language: str
    keys: tuple[str, ...]
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that happened at a step."""

    kind: Kind
    step: str
    text: str


class Notes:
    """The Facts protocol (core.events) for one walk: what a person would want to see of them, in order."""

    def __init__(self) -> None:
        self.all: list[Noted] = []
        self._step = ""

    def note(self, kind: Kind, text: str) -> None:
        """Something happened at the present step."""
        self.all.append(Noted(kind, self._step, text))

    def tell(self, fact: Fact) -> None:
        """Keep what can be shown."""
        match fact:
            case StepReached(step=step):
                self._step = step
                self.note("step", step)
            case Said(text=text):
                self.note("said", text)
            case Answered(value=value):
                self.note("answered", value)
            case CallHandedOver(to=to, result=result):
                self.note("handed_over", f"{to}: {result}")
            case CallEnded(outcome=outcome):
                self.note("ended", outcome)
            case _:
                pass
