"""What a question expects to hear: the words it is made of, what they mean, and when they are complete."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from asr.grammar.amount import read_amount
from asr.grammar.answers import read_choice, read_yes_no
from asr.grammar.digits import read_digits
from asr.grammar.language import Language
from asr.grammar.tokens import tokens
from core.money import Money

T = TypeVar("T")

COMPLETE_S: Final = 0.19  # after a whole answer nothing more is waited for
NAMED_S: Final = 0.45  # `fifty dollars`, and perhaps cents
USUAL_S: Final = 0.7
DICTATED_S: Final = 1.5  # somebody reads digits off a paper


@dataclass(frozen=True, slots=True)
class Expectation(Generic[T]):
    """`understand` gives None for what is no answer; `patience_s` of silence end what was said so far.

    `otherwise` reads what none of the alternatives says better.
    """

    understand: Callable[[str], T | None]
    patience_s: Callable[[str], float]
    phrases: tuple[str, ...] = ()
    otherwise: Callable[[str], T | None] | None = None

    def best(self, heard: Sequence[str]) -> T | None:
        """What the likeliest alternative that means something means."""
        for read in (self.understand, self.otherwise):
            if read is not None:
                for text in heard:
                    if (meant := read(text)) is not None:
                        return meant
        return None


def yes_or_no(language: Language) -> Expectation[bool]:
    """A yes or a no."""

    def understand(text: str) -> bool | None:
        return read_yes_no(text, language)

    return Expectation(understand, _when_understood(understand))


def one_of(
    choices: Mapping[str, T], phrases: Mapping[str, Sequence[str]], language: Language
) -> Expectation[T]:
    """One of a few choices, by a phrase, its number or its place."""

    def understand(text: str) -> T | None:
        return read_choice(text, choices, phrases, language)

    return Expectation(understand, _when_understood(understand))


def amount_up_to(due: Money, language: Language) -> Expectation[Money]:
    """An amount. `fifty` may go on with `three`, `fifty dollars` with cents: both are given time."""

    def understand(text: str) -> Money | None:
        return read_amount(text, due, language)

    def patience_s(text: str) -> float:
        words = tokens(text)
        if not words or understand(text) is None:
            return USUAL_S
        if words in language.whole or words in language.shares or words[-1] in language.minor:
            return COMPLETE_S
        return NAMED_S if words[-1] in language.major else USUAL_S

    return Expectation(understand, patience_s)


def digits_of(length: int, check: Callable[[str], bool], language: Language) -> Expectation[str]:
    """So many digits at most, dictated at leisure, that pass a check."""

    def understand(text: str) -> str | None:
        digits = read_digits(text, language)
        return digits if digits is not None and len(digits) <= length and check(digits) else None

    def patience_s(text: str) -> float:
        digits = read_digits(text, language)
        return COMPLETE_S if digits is not None and len(digits) == length else DICTATED_S

    return Expectation(understand, patience_s)


def _when_understood(understand: Callable[[str], object | None]) -> Callable[[str], float]:
    return lambda text: USUAL_S if understand(text) is None else COMPLETE_S
