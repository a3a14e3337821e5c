"""A language's words for what callers answer, read from its file in `languages/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

from asr.grammar.tokens import Phrase, joined, tokens
from core.errors import BadInput

_FOLDER: Final = Path(__file__).parent / "languages"
_TEN: Final = 10


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language, each as `tokens` would give it.

    `small` has every number below a thousand by its words as one; `scales` multiply what stands before
    them; `parts` are scales that are written together with what stands around them. `shifts` stand before a
    number and change it (a quarter less, a half more), `and_half` after it, `half_of` before a scale alone.
    """

    tag: str
    small: Mapping[str, Decimal]
    scales: Mapping[str, int]
    links: frozenset[str]
    shifts: Mapping[str, Decimal]
    and_half: frozenset[Phrase]
    half_of: frozenset[Phrase]
    digits: Mapping[str, str]
    times: Mapping[str, int]
    times_marks: frozenset[str]
    articles: frozenset[str]
    yes: frozenset[Phrase]
    yes_alone: frozenset[Phrase]
    no: frozenset[Phrase]
    maybe: frozenset[Phrase]
    whole: frozenset[Phrase]
    shares: Mapping[Phrase, Fraction]
    percent: frozenset[Phrase]
    point: frozenset[str]
    major: frozenset[str]
    minor: frozenset[str]
    ordinals: Mapping[str, int]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    days: Mapping[Phrase, int]
    feasts: Mapping[Phrase, tuple[int, int]]
    next: frozenset[str]
    units: Mapping[str, int]
    month_words: frozenset[str]
    single: frozenset[str]
    day_marks: frozenset[str]
    month_ends: frozenset[Phrase]
    month_first: bool
    decimal: str
    parts: tuple[str, ...]


def languages() -> tuple[str, ...]:
    """The tags of all languages that are understood."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def language(tag: str) -> Language:
    """The language of a tag such as `en` or `es-MX`; raises BadInput for one that has no file."""
    base = tag.split("-", maxsplit=1)[0].lower()
    path = _FOLDER / f"{base}.toml"
    if base not in languages():
        raise BadInput(f"no grammar understands {tag!r}; there are {', '.join(languages())}")
    return _read(base, tomllib.loads(path.read_text(encoding="utf-8")))


def _read(tag: str, file: Mapping[str, Any]) -> Language:
    words, dates = file["words"], file["dates"]
    return Language(
        tag=tag,
        small=_small(tag, file["numbers"]),
        scales={joined(word): factor for word, factor in file["numbers"]["scales"].items()},
        links=_words(file["numbers"].get("links", ())),
        shifts={joined(word): Decimal(by) for word, by in file["numbers"].get("shifts", {}).items()},
        and_half=_phrases(file["numbers"].get("and_half", [])),
        half_of=_phrases(file["numbers"].get("half_of", [])),
        digits={joined(word): digit for word, digit in file["digits"]["words"].items()},
        times=_numbered(file["digits"]["times"]),
        times_marks=_words(file["digits"].get("times_marks", ())),
        articles=_words(file["digits"].get("articles", ())),
        yes=_phrases(words["yes"]),
        yes_alone=_phrases(words["yes_alone"]),
        no=_phrases(words["no"]),
        maybe=_phrases(words["maybe"]),
        whole=_phrases(words["whole"]),
        shares={tokens(phrase): Fraction(share) for phrase, share in words["shares"].items()},
        percent=_phrases(words["percent"]),
        point=_words(words["point"]),
        major=_words(words["major"]),
        minor=_words(words["minor"]),
        ordinals=_numbered(dates["ordinals"]),
        months=_numbered(dates["months"]),
        weekdays=_numbered(dates["weekdays"]),
        days={tokens(phrase): offset for phrase, offset in dates["days"].items()},
        feasts={tokens(phrase): (day[0], day[1]) for phrase, day in dates["feasts"].items()},
        next=_words(dates["next"]),
        units=_numbered(dates["units"]),
        month_words=_words(dates["month_words"]),
        single=_words(dates["single"]),
        day_marks=_words(dates["day_marks"]),
        month_ends=_phrases(dates["month_ends"]),
        month_first=dates.get("month_first", False),
        decimal=file["numbers"]["decimal"],
        parts=tuple(file["numbers"].get("parts", ())),
    )


def _phrases(written: list[str]) -> frozenset[Phrase]:
    return frozenset(map(tokens, written))


def _words(written: list[str]) -> frozenset[str]:
    return frozenset(map(joined, written))


def _numbered(written: Mapping[str, int]) -> dict[str, int]:
    return {joined(word): number for word, number in written.items()}


def _small(tag: str, file: Mapping[str, Any]) -> dict[str, Decimal]:
    """Every way to say 0-999: as num2words says it (or the file's own list), and the variants of the file.

    Where a language counts on in hundreds (`zwölfhundert`), 1100-1999, too.
    """
    found: dict[str, Decimal] = {}
    for number in range(2000 if "hundreds" in file else 1000):
        for spoken in _spoken(tag, number, file):
            found.setdefault(joined(spoken), Decimal(number))
    return found | {joined(word): Decimal(str(number)) for word, number in file.get("also", {}).items()}


def _spoken(tag: str, number: int, file: Mapping[str, Any]) -> set[str]:
    hundreds, rest = divmod(number, 100)
    if hundreds == _TEN:
        return set()  # `ten hundred` is a thousand
    if hundreds > _TEN:
        after = _named(rest, tag, file) if rest else ""
        ways = {f"{_named(hundreds, tag, file)} {name} {after}" for name in file["hundreds"]}
    else:
        ways = {_named(number, tag, file)}
    for old, new in file.get("swaps", ()):
        ways |= {way.replace(old, new) for way in ways}
    return ways


def _named(number: int, tag: str, file: Mapping[str, Any]) -> str:
    return _listed(number, file["listed"]) if "listed" in file else _by_library(number, tag)


def _listed(number: int, names: list[str]) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return names[rest]
    return f"{names[hundreds]} {names[100]} {names[rest] if rest else ''}"


def _by_library(number: int, tag: str) -> str:
    from num2words import num2words  # type: ignore[import-untyped]  # noqa: PLC0415 - slow to load; untyped

    return str(num2words(number, lang=tag))
