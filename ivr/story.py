"""What was said on a call and how long each turn took, read from its facts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.events import Pressed, Recorded, Said, Spoke


class Voice(StrEnum):
    """Who said something."""

    LINE = "line"
    CALLER = "caller"


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that was said; `about` is the prompt, or the question that was answered."""

    at: datetime
    voice: Voice
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """From the caller's last sound or key to the line's next word, in milliseconds.

    `waited_ms` is the silence that told that they had finished, `thought_ms` what the recognizer took then;
    both are None for keys. `took_ms` is all of it.
    """

    at: datetime
    question: str
    waited_ms: int | None
    thought_ms: int | None
    took_ms: int


_MS: Final = 1000


def transcript(facts: Sequence[Recorded]) -> list[Utterance]:
    """What both said, in order; keys are counted, never told."""
    return [*_said(facts)]


def turns(facts: Sequence[Recorded]) -> list[Turn]:
    """Each answer of the caller that the line said something to."""
    found: list[Turn] = []
    open_: Recorded | None = None
    for one in facts:
        match one.fact:
            case Spoke() | Pressed():
                open_ = one
            case Said() if open_ is not None:
                found.append(_turn(open_, one.at))
                open_ = None
            case _:
                continue
    return found


def _said(facts: Sequence[Recorded]) -> Iterator[Utterance]:
    for one in facts:
        match one.fact:
            case Said(prompt=prompt, text=text):
                yield Utterance(one.at, Voice.LINE, prompt, text)
            case Spoke(question=question, text=text):
                yield Utterance(one.at, Voice.CALLER, question, text)
            case Pressed(question=question, keys=keys):
                yield Utterance(one.at, Voice.CALLER, question, f"({keys} key{'s' if keys > 1 else ''})")
            case _:
                continue


def _turn(answer: Recorded, replied_at: datetime) -> Turn:
    after_ms = max(0, round((replied_at - answer.at).total_seconds() * _MS))
    match answer.fact:
        case Spoke(question=question, waited_ms=waited_ms, thought_ms=thought_ms):
            took_ms = waited_ms + thought_ms + after_ms
            return Turn(answer.at, question, waited_ms, thought_ms, took_ms)
        case Pressed(question=question):
            return Turn(answer.at, question, None, None, after_ms)
        case _:
            raise TypeError(f"{answer.fact} is no answer")
