"""What analytics asks of one call, read from its facts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.events import Answered, CallHandedOver, Pressed, Recorded, Said, Spoke, StepReached
from ivr.story import turns

_NOT_REACHED: Final = "not reached"


@dataclass(frozen=True, slots=True)
class CallFigures:
    """`left_at` is where the call ended: at the prompt that was said last, in a written flow at a step.

    A prompt follows there that is not the step's own: `office.pay: card_number`. `asked` and `understood`
    count spoken answers by question.
    `turn_ms` are the turns of spoken answers, from the caller's last sound to the line's next word.
    """

    handed_over: bool
    left_at: str
    turn_ms: tuple[int, ...]
    asked: Counter[str]
    understood: Counter[str]


def figures(facts: Sequence[Recorded]) -> CallFigures:
    """The figures of the call that these facts are of, all of them and in order."""
    step, said, handed_over = "", "", False
    for one in facts:
        match one.fact:
            case StepReached(flow=flow, step=name):
                step, said = f"{flow}.{name}", ""
            case Said(prompt=prompt):
                said = prompt if prompt != step else ""
            case CallHandedOver(result=result):
                handed_over |= not result.startswith(_NOT_REACHED)
            case _:
                continue
    spoken = tuple(turn.took_ms for turn in turns(facts) if turn.waited_ms is not None)
    asked, understood = _heard(facts)
    return CallFigures(handed_over, _place(step, said), spoken, asked, understood)


def _place(step: str, said: str) -> str:
    return ": ".join(part for part in (step, said) if part)


def _heard(facts: Sequence[Recorded]) -> tuple[Counter[str], Counter[str]]:
    """A spoken answer was understood unless the same question came again right after it."""
    asked, understood = Counter[str](), Counter[str]()
    open_ = ""
    for one in facts:
        match one.fact:
            case Spoke(question=question):
                understood[open_] += open_ not in ("", question)
                asked[question] += 1
                open_ = question
            case Pressed(question=question) if open_:
                understood[open_] += open_ != question
                open_ = ""
            case Answered(question=question) if open_ == question:
                understood[open_] += 1
                open_ = ""
            case Said(prompt=prompt) if open_ and prompt.startswith("no_match"):
                open_ = ""
            case _:
                continue
    understood[open_] += 1
    del understood[""]
    return asked, understood
