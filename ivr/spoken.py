"""What a caller may say instead of pressing keys: speech becomes the keys that mean the same."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from asr.expect import COMPLETE_S, USUAL_S, Expectation, amount_up_to, digits_of
from asr.grammar.answers import read_choice, read_phrase, read_yes_no
from asr.grammar.language import Language, language, languages
from asr.grammar.tokens import tokens
from core.money import Money

_FOLDER: Final = Path(__file__).parent / "answers"
_ALWAYS: Final = "always"

Phrases = Mapping[str, tuple[str, ...]]
Understand = Callable[[str], str | None]
Patience = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language to be understood in: its grammar, and for each question the phrases that stand for a key."""

    grammar: Language
    phrases: Mapping[str, Phrases]

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

    def digits(self, most: int) -> Expectation[str]:
        """Digits, at most so many."""
        expected = digits_of(most, bool, self.grammar)
        return self._with_always(expected.understand, expected.patience_s)

    def _with_always(self, understand: Understand, patience_s: Patience) -> Expectation[str]:
        """The question's own answers first, then what may be said at every question."""
        always = self.phrases.get(_ALWAYS, {})

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
    return SpokenLanguage(language(base), phrases)
