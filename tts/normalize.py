"""Numbers, money, dates and codes in words, as a language says them.

A language is a file in `languages/`: how it says money and dates, and its names of currencies. Number words
come from num2words, names of months and of rarer currencies from babel (Unicode CLDR).
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import get_currency_name
from num2words import num2words  # type: ignore[import-untyped]  # it ships no types

from core.errors import BadInput
from core.money import Money, exponent

_FOLDER = Path(__file__).parent / "languages"


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency's names, after one and after many; the minor ones are empty where it has no coins."""

    one: str
    many: str
    minor_one: str = ""
    minor_many: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A language that numbers can be said in; `language` is its tag (BCP 47), such as `en` or `es-MX`."""

    language: str
    point: str
    money_pattern: str
    date_pattern: str
    month_pattern: str
    letters: Mapping[str, str]
    counted: Mapping[str, str]
    elided: Mapping[str, str]
    currencies: Mapping[str, Currency]
    first_day: str = ""
    listed: tuple[str, ...] = ()
    scales: tuple[tuple[int, str], ...] = ()

    def number(self, number: int) -> str:
        """A whole number: 125 is `one hundred and twenty-five`."""
        return self._by_list(number) if self.listed else _number(number, _base(self.language))

    def digits(self, digits: str, group: int = 0) -> str:
        """One by one, with a pause after each `group` (0: none): `1234` is `one two, three four`."""
        return self.code(digits, group)

    def code(self, code: str, group: int = 0) -> str:
        """Letters and digits one by one: `K7-A2` is `K seven, ay two`; what is neither is a pause."""
        return " ".join(self.signs(code, group))

    def signs(self, code: str, group: int = 0) -> list[str]:
        """The same sign by sign; a comma ends those that a pause follows."""
        chunks = [chunk for part in re.split(r"[^0-9A-Za-z]+", code) for chunk in _grouped(part, group)]
        said = [[self._sign(sign) for sign in chunk] for chunk in chunks]
        for chunk in said[:-1]:
            chunk[-1] += ","
        return [sign for chunk in said for sign in chunk]

    def money(self, money: Money) -> str:
        """An amount: 125.50 USD is `one hundred and twenty-five dollars and fifty cents`."""
        places = exponent(money.currency)
        major, minor = divmod(money.minor, 10**places)
        names = self._currency(money.currency)
        if not minor:
            return self._count(major, names.one, names.many)
        if not names.minor_one:
            spoken = f"{self.number(major)} {self.point} {self.digits(str(minor).rjust(places, '0'))}"
            return f"{spoken} {names.many}"
        small = self._count(minor, names.minor_one, names.minor_many)
        if not major:
            return small
        return self.money_pattern.format(major=self._count(major, names.one, names.many), minor=small)

    def date(self, day: dt.date) -> str:
        """A day: 2027-05-04 is `May fourth, twenty twenty-seven`."""
        base = _base(self.language)
        return self.date_pattern.format(
            day=self.first_day if self.first_day and day.day == 1 else self.number(day.day),
            day_ordinal=self.number(day.day) if self.listed else num2words(day.day, lang=base, to="ordinal"),
            month=self._month_name(day),
            year=self._year(day.year),
        )

    def month(self, day: dt.date) -> str:
        """Its month and year, as on a card: `May twenty twenty-seven`."""
        return self.month_pattern.format(month=self._month_name(day), year=self._year(day.year))

    def _year(self, year: int) -> str:
        if self.listed:
            return self.number(year)
        return str(num2words(year, lang=_base(self.language), to="year"))

    def _by_list(self, number: int) -> str:
        """By the file's own names; a language of which num2words knows nothing."""
        for scale, name in self.scales:
            if number >= scale:
                many, rest = divmod(number, scale)
                return f"{self._by_list(many)} {name}{f' {self._by_list(rest)}' if rest else ''}"
        return self.listed[number]

    def _month_name(self, day: dt.date) -> str:
        return str(format_date(day, "LLLL", locale=_base(self.language)))

    def _sign(self, sign: str) -> str:
        return self.number(int(sign)) if sign.isdigit() else self.letters.get(sign.upper(), sign.upper())

    def _count(self, number: int, one: str, many: str) -> str:
        words = self.number(number)
        for ending, before_noun in self.counted.items():
            words = re.sub(ending, before_noun, words)
        said = f"{words} {one if number == 1 else many}"
        for written, spoken in self.elided.items():
            said = re.sub(written, spoken, said)
        return said

    def _currency(self, code: str) -> Currency:
        if known := self.currencies.get(code):
            return known
        names = [str(get_currency_name(code, count=count, locale=_base(self.language))) for count in (1, 2)]
        return Currency(*names)


def languages() -> list[str]:
    """The languages that have a file, sorted."""
    return sorted(file.stem for file in _FOLDER.glob("*.toml"))


@cache
def words_of(language: str) -> Words:
    """The words of a language; `es-MX` is `es` until it has a file. BadInput when there is none at all."""
    file = next((f for tag in (language, _base(language)) if (f := _FOLDER / f"{tag}.toml").exists()), None)
    if file is None:
        raise BadInput(f"no words for the language {language!r}; there are {', '.join(languages())}")
    return _read(language, tomllib.loads(file.read_text(encoding="utf-8")))


def _read(language: str, data: dict[str, Any]) -> Words:  # Any: a TOML table, checked by its use here
    return Words(
        language=language,
        point=data["point"],
        money_pattern=data["money"],
        date_pattern=data["date"],
        month_pattern=data["month"],
        letters=data.get("letters", {}),
        counted=data.get("counted", {}),
        elided=data.get("elided", {}),
        currencies={code: Currency(**names) for code, names in data["currencies"].items()},
        first_day=data.get("first_day", ""),
        listed=tuple(data.get("listed", ())),
        scales=tuple((scale, name) for scale, name in data.get("scales", ())),
    )


@lru_cache(maxsize=10_000)
def _number(number: int, base: str) -> str:
    return str(num2words(number, lang=base))


def _base(language: str) -> str:
    return language.partition("-")[0]


def _grouped(text: str, group: int) -> list[str]:
    if not text:
        return []
    size = group or len(text)
    return [text[start : start + size] for start in range(0, len(text), size)]
