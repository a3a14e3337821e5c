"""A question that is answered with keys, and what may come of asking it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

from asr.expect import Expectation
from ivr.prompt import Prompt
from ivr.spoken import SpokenLanguage

T = TypeVar("T")

NO_INPUT: Final = (Prompt("no_input"), Prompt("no_input_again"))
NO_MATCH: Final = (Prompt("no_match"), Prompt("no_match_again"))


class Unanswered(Enum):
    """Why a question has no answer."""

    NO_INPUT = "no_input"  # silence, to the end
    NO_MATCH = "no_match"  # keys, and none of them an answer
    PERSON = "person"  # the caller pressed 0 and nothing else
    UPSET = "upset"  # the caller has had enough, and was told that a person comes


class Star(Enum):
    """What `*` means."""

    CLEAR = "clear"  # first it says the question again, after some digits it drops them
    POINT = "point"  # first it says the question again, after some digits it is the decimal point
    ANSWER = "answer"  # a key like the others


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the line waits, in seconds.

    For the first key after a prompt, for each one after it, and for a second `*` that makes it a cancel.
    `still_there` is how often a silent caller is asked whether they are there, before a silence counts.
    """

    first_key_s: float = 6.0
    next_key_s: float = 4.0
    double_star_s: float = 1.0
    still_there: int = 1


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """`name` is for the records; `understand` turns the keys into an answer, None when they are none.

    `max_keys` keys are taken without waiting for `#`. `no_input` and `no_match` are said before the question
    is asked again, one after the other: there is one attempt more than the longer of them. `zero` is
    whether a lone 0 asks for a person. `spoken` says which keys a spoken answer stands for. `also` is said
    after the question.
    """

    name: str
    prompt: Prompt
    understand: Callable[[str], Awaitable[T | None]]
    max_keys: int = 1
    star: Star = Star.CLEAR
    no_input: tuple[Prompt, ...] = NO_INPUT
    no_match: tuple[Prompt, ...] = NO_MATCH
    zero: bool = True
    spoken: Callable[[SpokenLanguage], Expectation[str]] | None = None
    also: tuple[Prompt, ...] = ()
