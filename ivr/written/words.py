"""The kinds of words in a written flow: steps' names, keys, texts, amounts, hours."""

import datetime as dt
import re
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from core.errors import BadInput
from core.money import Money

ANY: Final = ""
LONGEST_TEXT: Final = 2000
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})?")
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")

Days = frozenset[int]
"""0 is Monday."""
Span = tuple[int, int]
"""Minutes from midnight: from the first on, up to the second."""


def _name(text: str) -> str:
    if _NAME.fullmatch(text) is None:
        raise ValueError("must be a name of a-z, 0-9 and _, a letter first, 40 characters at most")
    return text


def _tag(text: str) -> str:
    if text != ANY and _LANGUAGE.fullmatch(text) is None:
        raise ValueError("must be a language such as en or pt_BR")
    return text


def _key(text: str) -> str:
    if len(text) != 1 or text not in "0123456789":
        raise ValueError("must be one key, 0 to 9: star says the question again, pound ends what is keyed in")
    return text


def _one_line(text: str) -> str:
    words = " ".join(text.split())
    if not words or not words.isprintable():
        raise ValueError("is empty, or holds a character that cannot be printed")
    return words


def _money(text: str) -> Money:
    amount, _, currency = text.strip().partition(" ")
    try:
        return Money.parse(amount, currency)
    except BadInput:
        raise ValueError("must be an amount and its currency, such as 500.00 USD") from None


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/Berlin or America/New_York") from None


def _days(text: str) -> str:
    if not days_of(text):
        raise ValueError("must be a day or several, such as mon, mon-fri or sat-sun")
    return text


def _spans(text: str) -> tuple[Span, ...]:
    found = tuple(span for part in text.replace(",", " ").split() if (span := _span(part)))
    if not found or len(found) != len(text.replace(",", " ").split()):
        raise ValueError('must be times in quotes, such as "09:00-17:30" or "09:00-12:00 13:00-18:00"')
    return found


def _span(text: str) -> Span | None:
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    first, last = (int(found[at]) * 60 + int(found[at + 1]) for at in (1, 3))
    return (first, last) if first < last <= 24 * 60 else None


def days_of(text: str) -> Days:
    """`mon`, or `mon-fri`; nothing for what is no day, or ends before it begins."""
    first, _, last = text.partition("-")
    if first not in _DAYS or (last or first) not in _DAYS:
        return frozenset()
    return frozenset(range(_DAYS.index(first), _DAYS.index(last or first) + 1))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a day such as 2026-12-25") from None


Name = Annotated[str, AfterValidator(_name)]
"""Of a step, a value, or hours."""
Target = Name
"""A step, or one of ENDS."""
Key = Annotated[str, AfterValidator(_key)]
_Tag = Annotated[str, AfterValidator(_tag)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_one_line)]
Says = Annotated[
    dict[_Tag, Text], BeforeValidator(lambda said: {ANY: said} if isinstance(said, str) else said)
]
"""A text in each language; under ANY a prompt of the line, or the text of a flow with one language."""
Phrase = Annotated[str, Field(max_length=100), AfterValidator(_one_line)]
Amount = Annotated[Money, BeforeValidator(_money)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
DayNames = Annotated[str, AfterValidator(_days)]
Spans = Annotated[tuple[Span, ...], BeforeValidator(_spans)]
Day = Annotated[dt.date, BeforeValidator(_day)]
