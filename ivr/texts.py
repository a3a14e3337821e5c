"""The words behind the prompts: one file a language, checked as a whole before the first call."""

import copy
import datetime as dt
import re
import string
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from core.errors import BadInput
from core.money import Money
from ivr.prompt import Digits, Prompt, Telephone, Value
from tts.normalize import Words, words_of
from tts.sentences import sentences
from tts.telephones import telephone
from tts.voice import Speech

REFERENCE = "en"  # the language that says which prompts there are, and with which placeholders

CONSTANTS = frozenset({"company"})  # placeholders that are the same in each call

_ALONE = re.compile(r"\{(?P<name>\w+)\}[.:!?]?")
_MARKS = ("", ",", ".")  # what follows a sign: another one, a pause, the end
_FOLDER = Path(__file__).parent / "prompts"


class Texts:
    """Every text of every language.

    `always` gives the CONSTANTS; `own` replaces texts, by language and prompt; `recorded` says whether a
    person has spoken a whole prompt. Raises BadInput that lists all mistakes: texts that are missing or that
    nobody asks for, placeholders that are missing or that nobody fills, braces that do not match.
    """

    def __init__(
        self,
        always: Mapping[str, str],
        own: Mapping[str, Mapping[str, str]] | None = None,
        recorded: Callable[[Speech], bool] = lambda _speech: False,
    ) -> None:
        self._always = dict(always)
        self._look: Callable[[], None] = _nothing
        self._recorded = recorded
        self._texts = {file.stem: _read(file) for file in sorted(_FOLDER.glob("*.toml"))}
        shipped = self._texts[REFERENCE]
        self._wanted = {name: placeholders(text) - CONSTANTS for name, text in shipped.items()}
        for language, texts in (own or {}).items():
            self._texts.setdefault(language, {}).update(texts)
        self._words = {language: words_of(language) for language in self._texts}
        if mistakes := [*self._mistakes()]:
            raise BadInput("the texts of the line have mistakes:\n" + "\n".join(f"- {it}" for it in mistakes))

    @property
    def languages(self) -> list[str]:
        """The languages that the line speaks, sorted."""
        return sorted(self._texts)

    def nearest(self, language: str) -> str:
        """The language of the texts for a tag: `en-GB` is `en` until it has its own; empty without any."""
        base = language.split("-", maxsplit=1)[0]
        return next((one for one in (language, base) if one in self._texts), "")

    @property
    def names(self) -> list[str]:
        """The prompts that there are, sorted."""
        return sorted(self._wanted)

    def text(self, name: str, language: str) -> str:
        """A prompt as it is written, with its placeholders."""
        return self._texts[language][name]

    def looking(self, look: Callable[[], None]) -> None:
        """Have this done before a call begins with these texts."""
        self._look = look

    def snapshot(self) -> "Texts":
        """The same, which stays when these `become` others: a call ends with the texts that it began with."""
        self._look()
        return copy.copy(self)

    def become(self, others: "Texts") -> None:
        """From now on they are as the others."""
        self._texts, self._words = others._texts, others._words

    def placeholders(self, name: str) -> frozenset[str]:
        """What a prompt must be given; BadInput when there is no such prompt."""
        try:
            return self._wanted[name]
        except KeyError:
            raise BadInput(f"there is no prompt {name!r}") from None

    def speech(self, prompt: Prompt, language: str) -> Speech:
        """A prompt in words. BadInput when its values are not those that its text wants."""
        return Speech(self._text(prompt, language), language)

    def pieces(self, prompt: Prompt, language: str) -> list[Speech]:
        """The same in pieces worth keeping: sentences, and signs where a code is a sentence of its own."""
        self._refuse_wrong(prompt, language)
        whole = Speech(self._text(prompt, language), language, prompt.name) if not prompt.values else None
        if whole is not None and self._recorded(whole):
            return [whole]
        return [Speech(piece, language, name) for piece, name in self._pieces(prompt, language)]

    def fixed(self, language: str) -> list[Speech]:
        """The sentences that are the same in each call, and the signs of codes: rendered before the first."""
        signs = self._words[language].signs(string.digits + string.ascii_uppercase)
        marked = [Speech(sign + mark, language) for mark in _MARKS for sign in signs]
        return [*self._same(language), *marked]

    def _same(self, language: str) -> Iterable[Speech]:
        for name, text in self._texts[language].items():
            whole = Speech(text, language, name)
            if placeholders(text) <= CONSTANTS and self._recorded(whole):
                yield whole
                continue
            for place, piece in enumerate(sentences(text), 1):
                if placeholders(piece) <= CONSTANTS:
                    yield Speech(piece.format(**self._always), language, f"{name}.{place}")

    def _text(self, prompt: Prompt, language: str) -> str:
        self._refuse_wrong(prompt, language)
        return self._filled(self._template(prompt, language), prompt, language)

    def _template(self, prompt: Prompt, language: str) -> str:
        return prompt.own[language] if prompt.own else self._texts[language][prompt.name]

    def _pieces(self, prompt: Prompt, language: str) -> Iterable[tuple[str, str]]:
        """Each with the name of its recording, which is empty for what differs from call to call."""
        for place, sentence in enumerate(sentences(self._template(prompt, language)), 1):
            alone = _ALONE.fullmatch(sentence)
            match prompt.values.get(alone["name"]) if alone else None:
                case Prompt() as inner:
                    yield from self._pieces(inner, language)
                case Digits(text, group) if signs := self._words[language].signs(text, group):
                    yield from ((sign, "") for sign in (*signs[:-1], signs[-1] + sentence.rpartition("}")[2]))
                case _:
                    same = placeholders(sentence) <= CONSTANTS
                    name = f"{prompt.name}.{place}" if same else ""
                    yield self._filled(sentence, prompt, language), name

    def _filled(self, text: str, prompt: Prompt, language: str) -> str:
        said = {name: self._said(value, language) for name, value in prompt.values.items()}
        return text.format(**self._always, **said)

    def _refuse_wrong(self, prompt: Prompt, language: str) -> None:
        if language not in self._texts:
            raise BadInput(f"the line does not speak {language!r}, only {', '.join(self.languages)}")
        if prompt.own:
            if not placeholders(prompt.own.get(language, "{?}")) - CONSTANTS <= prompt.values.keys():
                raise BadInput(f"{prompt.name!r} has no words in {language!r}, or too few values for them")
            return
        wanted = self.placeholders(prompt.name)
        if wanted != prompt.values.keys():
            raise BadInput(f"prompt {prompt.name!r} wants {sorted(wanted)}, not {sorted(prompt.values)}")

    def _said(self, value: Value, language: str) -> str:
        if isinstance(value, Prompt):
            return self._text(value, language)
        return _in_words(value, self._words[language])

    def _mistakes(self) -> Iterable[str]:
        for name in sorted(CONSTANTS - self._always.keys()):
            yield f"nothing is given for {{{name}}}, which the texts speak of"
        for language, texts in self._texts.items():
            for name in sorted(self._wanted.keys() - texts.keys()):
                yield f"{language}: there is no text for {name!r}"
            for name in sorted(texts.keys() - self._wanted.keys()):
                yield f"{language}: no prompt is called {name!r}"
            for name in sorted(texts.keys() & self._wanted.keys()):
                yield from self._mistakes_of(f"{language}: {name!r}", texts[name], self._wanted[name])

    def _mistakes_of(self, where: str, text: str, wanted: frozenset[str]) -> Iterable[str]:
        if not text.strip():
            yield f"{where} is empty"
        try:
            found = placeholders(text)
        except ValueError as broken:
            yield f"{where}: {broken}"
            return
        for name in sorted(wanted - found):
            yield f"{where} does not say {{{name}}}"
        for name in sorted(found - wanted - CONSTANTS):
            yield f"{where} has a placeholder {{{name}}} that nobody fills"


def _nothing() -> None:
    """Texts that nobody changes."""


def _in_words(value: str | int | Money | Digits | Telephone | dt.date, words: Words) -> str:
    match value:
        case Money():
            return words.money(value)
        case Digits(text, group):
            return words.code(text, group)
        case Telephone(number):
            return telephone(number, words)
        case int():
            return words.number(value)
        case dt.date():
            return words.date(value)
        case str():
            return value


def spoken(heard: Callable[[str], bool] = lambda _language: True) -> dict[str, dict[str, str]]:
    """The texts for languages that are heard, by language and prompt: they ask instead of naming keys."""
    files = sorted((_FOLDER / "spoken").glob("*.toml"))
    return {file.stem: _read(file) for file in files if heard(file.stem)}


def placeholders(text: str) -> frozenset[str]:
    """The names in braces, company's too. Raises ValueError when the braces do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _read(file: Path) -> dict[str, str]:
    return {name: str(text) for name, text in tomllib.loads(file.read_text(encoding="utf-8")).items()}
