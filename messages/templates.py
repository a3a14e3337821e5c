"""The words of messages: templates a language, checked as a whole before the first message."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.errors import BadInput
from core.letter import Value
from core.money import Money
from messages.kinds import KINDS, Kind, kind_of
from messages.message import Channel, Mail, Text

REFERENCE: Final = "en"
"""The language of a message for which its own language has no words."""

SHIPPED: Final = Path(__file__).parent / "templates"
PARTS: Final[Mapping[Channel, tuple[str, ...]]] = {
    Channel.EMAIL: ("subject.txt", "txt", "html"),
    Channel.SMS: ("sms.txt",),
}

_SLIPS: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a template may stumble over: it is a person's program."""

_TO: Final = {Channel.EMAIL: "robin@example.com", Channel.SMS: "+15550100"}


class Templates:
    """Messages in words. `always` are the values of all messages (company); `own` holds files that go first.

    A file is `LANGUAGE/KIND.PART`: `es/receipt.html`. What a person wrote runs in a sandbox: it may use the
    values and nothing else. Raises BadInput with every mistake.
    """

    def __init__(
        self, always: Mapping[str, str], own: Path | None = None, *, language: str = REFERENCE
    ) -> None:
        """`language` is for messages that name none."""
        self._always, self._own, self._language = dict(always), own, language
        self._words = _environment(own)
        if mistakes := [*self._mistakes()]:
            raise BadInput("the templates have mistakes:\n" + "\n".join(f"- {it}" for it in mistakes))

    @property
    def languages(self) -> list[str]:
        """The languages that have words of their own, sorted."""
        roots = [SHIPPED] if self._own is None else [SHIPPED, self._own]
        folders = (folder for root in roots if root.is_dir() for folder in root.iterdir())
        return sorted({folder.name for folder in folders if folder.is_dir()})

    def mail(self, kind: str, language: str, to: str, values: Mapping[str, Value]) -> Mail:
        """A message as mail. Raises BadInput for a kind that there is not, or a value that is missing."""
        subject, text, html = self._rendered(kind, Channel.EMAIL, language, values)
        return Mail(to, " ".join(subject.split()), text, html)

    def text(self, kind: str, language: str, to: str, values: Mapping[str, Value]) -> Text:
        """The same as a text message: one line."""
        [text] = self._rendered(kind, Channel.SMS, language, values)
        return Text(to, " ".join(text.split()))

    def preview(
        self, kind: str, channel: Channel, language: str, instead: Mapping[str, str] | None = None
    ) -> Mail | Text:
        """A message with made-up values; `instead` are files that are tried and not kept. Raises BadInput."""
        words = self if instead is None else self._trying(instead)
        sample = kind_of(kind).sample
        if channel is Channel.EMAIL:
            return words.mail(kind, language, _TO[channel], sample)
        return words.text(kind, language, _TO[channel], sample)

    def _trying(self, instead: Mapping[str, str]) -> "Templates":
        trial = Templates.__new__(Templates)
        trial._always, trial._own, trial._language = self._always, self._own, self._language
        trial._words = _environment(self._own, DictLoader(instead))
        return trial

    def _rendered(self, kind: str, channel: Channel, language: str, values: Mapping[str, Value]) -> list[str]:
        if channel not in kind_of(kind).channels:
            raise BadInput(f"a {kind} does not go by {channel.value}")
        spoken = language or self._language
        filled = {name: _written(value, spoken) for name, value in values.items()} | self._always
        try:
            return [self._part(spoken, f"{kind}.{part}", filled) for part in PARTS[channel]]
        except (TemplateError, *_SLIPS) as error:
            where = getattr(error, "name", None) or f"{spoken}/{kind}"
            line = getattr(error, "lineno", None)
            raise BadInput(f"{where}{f', line {line}' if line else ''}: {error}") from None

    def _part(self, language: str, name: str, values: Mapping[str, str]) -> str:
        choice = dict.fromkeys((language, language.partition("-")[0], REFERENCE))
        template = self._words.select_template([f"{one}/{name}" for one in choice])
        return template.render(values, language=language).strip()

    def _mistakes(self) -> Iterator[str]:
        for language in self.languages:
            for kind, channel in _all():
                try:
                    self.preview(kind.name, channel, language)
                except BadInput as error:
                    yield str(error)


def _all() -> Iterator[tuple[Kind, Channel]]:
    for kind in KINDS.values():
        for channel in kind.channels:
            yield kind, channel


class _Files(FileSystemLoader):
    """Files as they lie there now: the operator's goes first from the moment that it is there."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        find = super().get_source
        text, file, _ = find(environment, template)
        return text, file, lambda: find(environment, template)[0] == text


def _environment(own: Path | None, first: BaseLoader | None = None) -> Environment:
    files = _Files([one for one in (own, SHIPPED) if one is not None])
    return ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([first, files]) if first is not None else files,
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _written(value: Value, language: str) -> str:
    locale = _locale(language)
    match value:
        case Money():
            return value.written(str(locale))
        case datetime():
            return f"{format_datetime(value, 'medium', locale=locale)} UTC"
        case str():
            return value


def _locale(language: str) -> Locale:
    try:
        return Locale.parse("en_US" if language == REFERENCE else language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_US")
