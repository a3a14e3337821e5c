"""What a caller may say instead of pressing keys: speech becomes the keys that mean the same."""

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from asr.expect import COMPLETE_S, NAMED_S, USUAL_S, Expectation, amount_up_to, digits_of
from asr.grammar.answers import read_choice, read_phrase, read_yes_no
from asr.grammar.check import Check
from asr.grammar.dates import read_date
from asr.grammar.language import Language, language, languages
from asr.grammar.tokens import tokens
from core.money import Money

_FOLDER: Final = Path(__file__).parent / "answers"
_ALWAYS: Final = "always"
_LANGUAGES: Final = "languages"

WORDS: Final = "~"
"""Begins words that are to be read by the question itself."""

LONG_S: Final = 0.9  # of silence, for somebody who tells what they want
_SHORT: Final = 2  # words: a longer sentence is no choice from a menu
_WISH: Final = 6  # words: a longer one that names a language need not be a wish to speak it

SWITCH: Final = "@"
"""Begins what stands for a wish to speak another language: `@es`."""

Phrases = Mapping[str, tuple[str, ...]]
Understand = Callable[[str], str | None]
Patience = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language to be understood in: its grammar, and for each question the phrases that stand for a key."""

    grammar: Language
    phrases: Mapping[str, Phrases]
    others: Phrases
    """What asks for another language, by SWITCH and its tag."""

    def menu(self, question: str, keys: tuple[str, ...]) -> Expectation[str]:
        """One of these keys: by a phrase of the question, by its number, or by its place."""
        phrases = {key: ways for key, ways in self.phrases.get(question, {}).items() if key in keys}

        def understand(text: str) -> str | None:
            return read_choice(text, {key: key for key in keys}, phrases, self.grammar)

        return self._with_always(understand, lambda text: USUAL_S if understand(text) is None else COMPLETE_S)

    def yes_no(self, question: str) -> Expectation[str]:
        """1 for a yes, 2 for a no."""
        choice = self.menu(question, ("1", "2"))

        def understand(text: str) -> str | None:
            if (wish := read_phrase(text, self.others)) is not None:
                return wish  # `spanish please` is no yes
            said = read_yes_no(text, self.grammar)
            return choice.understand(text) if said is None else "1" if said else "2"

        return self._with_always(understand, lambda text: USUAL_S if understand(text) is None else COMPLETE_S)

    def amount(self, most: Money) -> Expectation[str]:
        """An amount as it is keyed in, with `*` for the point."""
        expected = amount_up_to(most, self.grammar)

        def understand(text: str) -> str | None:
            amount = expected.understand(text)
            return None if amount is None else amount.decimal.replace(".", "*")

        return self._with_always(understand, expected.patience_s)

    def choice_or_amount(self, question: str, keys: tuple[str, ...], most: Money) -> Expectation[str]:
        """One of these keys, or an amount: where money is named, `two dollars` is not the second choice."""
        choice, amount = self.menu(question, keys), self.amount(most)
        money = self.grammar.major | self.grammar.minor

        def understand(text: str) -> str | None:
            first, second = (amount, choice) if money & set(tokens(text)) else (choice, amount)
            meant = first.understand(text)
            return second.understand(text) if meant is None else meant

        def patience_s(text: str) -> float:
            return amount.patience_s(text) if choice.understand(text) is None else choice.patience_s(text)

        return Expectation(understand, patience_s)

    def open(self, question: str, keys: tuple[str, ...], clear: Callable[[str], bool]) -> Expectation[str]:
        """Free speech: one of these keys, or else the words themselves, behind WORDS.

        The question reads them. `clear` is whether a text is understood already: little is waited for then.
        """
        choice = self.menu(question, keys)

        def understand(text: str) -> str | None:
            words = len(tokens(text))
            keyed = choice.understand(text) if words <= _SHORT else None
            if keyed is None and words <= _WISH:
                keyed = read_phrase(text, self.others)
            return keyed if keyed is not None else f"{WORDS}{text}" if words else None

        return Expectation(understand, lambda text: NAMED_S if clear(text) else LONG_S)

    def date(self, today: dt.date) -> Expectation[str]:
        """A day from today on, as eight keys: year, month, day."""

        def understand(text: str) -> str | None:
            day = read_date(text, today, self.grammar)
            return None if day is None or day < today else f"{day:%Y%m%d}"

        return self._with_always(understand, lambda text: USUAL_S if understand(text) is None else NAMED_S)

    def digits(self, most: int, check: Check = bool) -> Expectation[str]:
        """Digits, at most so many; of what may have been said, rather what passes the check."""
        valid, any_ = digits_of(most, check, self.grammar), digits_of(most, bool, self.grammar)
        expected = self._with_always(valid.understand, any_.patience_s)
        return replace(expected, otherwise=any_.understand)

    def _with_always(self, understand: Understand, patience_s: Patience) -> Expectation[str]:
        """The question's own answers first, then what may be said at every question."""
        always = {**self.phrases.get(_ALWAYS, {}), **self.others}

        def either(text: str) -> str | None:
            own = understand(text)
            return read_phrase(text, always) if own is None else own

        def patience(text: str) -> float:
            return COMPLETE_S if understand(text) is None and either(text) is not None else patience_s(text)

        return Expectation(either, patience)


@cache
def spoken_language(tag: str) -> SpokenLanguage | None:
    """The language of a tag such as `en-GB`; None when speech in it is not understood."""
    base = tag.split("-", maxsplit=1)[0].lower()
    file = _FOLDER / f"{base}.toml"
    if base not in languages() or not file.exists():
        return None
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    phrases = {name: {key: tuple(ways) for key, ways in keys.items()} for name, keys in read.items()}
    others = {f"{SWITCH}{tag}": ways for tag, ways in phrases.pop(_LANGUAGES, {}).items()}
    return SpokenLanguage(language(base), phrases, others)
