"""Dates: `march fifth`, `the 5th of march twenty twenty seven`, `next friday`, `oh three twenty eight`."""

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from asr.grammar.language import Language
from asr.grammar.numbers import Item, Number, items
from asr.grammar.phrases import found
from asr.grammar.tokens import Phrase, tokens

_CENTURY: Final = 2000
_WEEK: Final = 7
_PAIR: Final = 2
_LAST: Final = 31
_WRITTEN: Final = re.compile(r"(\d)[.](?=\d)")  # 24.12.2027 is three numbers


def read_date(text: str, today: dt.date, language: Language) -> dt.date | None:
    """A day; without a year the next one that comes, None when there is none such."""
    text = _WRITTEN.sub(r"\1 ", text)
    words = tokens(text)
    later = any(word in language.next for word in words)
    if found(words, language.month_ends):
        return _after(today.replace(day=1), int(later), _LAST)
    said = _dated(text, language)
    if ahead := _ahead(said, language):
        days_on, months_on = ahead
        return _on(days_on, words, _after(today, months_on, today.day), language)
    if by_name := _by_name(words, today, language):
        return by_name
    if day := _of_month(said, words, language):
        return _coming_day(day, today, next_month=later and bool(language.month_words & set(words)))
    if weekdays := [language.weekdays[word] for word in words if word in language.weekdays]:
        return _coming(weekdays[0], today, later=later)
    day, month, year = _parts(said, language)
    return _day(year, month, day, today) if month and day else None


def _by_name(words: Phrase, today: dt.date, language: Language) -> dt.date | None:
    """`christmas eve`, `the day after tomorrow`."""
    if feasts := found(words, language.feasts):
        month, day = language.feasts[max(feasts, key=len)]
        return _day(0, month, day, today)
    days = found(words, language.days)
    return _on(language.days[max(days, key=len)], words, today, language) if days else None


def _on(days: int, words: Sequence[str], day: dt.date, language: Language) -> dt.date:
    """So many days later; `a week from monday` counts from that day."""
    weekdays = [language.weekdays[word] for word in words if word in language.weekdays]
    from_day = _coming(weekdays[0], day, later=False) if weekdays and days >= _WEEK else day
    return from_day + dt.timedelta(days=days)


def read_month(text: str, language: Language) -> tuple[int, int] | None:
    """Month and year as cards show them: `oh three twenty eight`, `december twenty twenty nine`."""
    said = _dated(text, language)
    months = [language.months[item] for item in said if isinstance(item, str) and item in language.months]
    digits = "".join(item.digits for item in said if isinstance(item, Number))
    if months:
        return _month(months[0], digits)
    return (
        _month(int(digits[:-4] or 0), digits[-4:])
        if len(digits) > 4
        else _month(int(digits[:-2] or 0), digits[-2:])
    )


def _month(month: int, year: str) -> tuple[int, int] | None:
    if not 1 <= month <= 12 or len(year) not in {_PAIR, 4}:
        return None
    return month, int(year) + _CENTURY * (len(year) == _PAIR)


def _dated(text: str, language: Language) -> tuple[Item, ...]:
    """The sentence with its ordinals (`fifth`, `twenty first`, `5th`) as numbers, too."""
    words, place, out = tokens(text), 0, list[str]()
    while place < len(words):
        for length in (2, 1):
            ordinal = language.ordinals.get("".join(words[place : place + length]))
            if ordinal is not None and ordinal > 0:
                out.append(str(ordinal))
                place += length
                break
        else:
            out.append(words[place])
            place += 1
    return items(" ".join(out), language)


def _parts(said: Sequence[Item], language: Language) -> tuple[int, int, int]:
    """Day, month and year, 0 for what was not said; a bare `5 3` is read as the language writes dates."""
    months = [language.months[item] for item in said if isinstance(item, str) and item in language.months]
    numbers = [item for item in said if isinstance(item, Number)]
    if not months and len(numbers) >= _PAIR:
        first, second, *rest = numbers
        month, day = (first, second) if language.month_first else (second, first)
        months, numbers = [int(month.value)], [day, *rest]
    if not months or not numbers:
        return 0, 0, 0
    year = "".join(number.digits for number in numbers[1:])
    return int(numbers[0].value), months[0], int(year or 0) + _CENTURY * (len(year) == _PAIR)


def _ahead(said: Sequence[Item], language: Language) -> tuple[int, int] | None:
    """`in ten days`, `in a month`: days and months from today."""
    for before, unit in pairwise(said):
        if not isinstance(unit, str):
            continue
        many = _many(before, language)
        if many and unit in language.units:
            return many * language.units[unit], 0
        if many and unit in language.month_words:
            return 0, many
    return None


def _many(said: Item, language: Language) -> int:
    if isinstance(said, Number):
        return int(said.value)
    return int(said in language.single or said in language.weekdays)  # `a week`, `monday week`


def _of_month(said: Sequence[Item], words: Sequence[str], language: Language) -> int:
    """`on the fifteenth`, `the third of next month`: the day, where no month is named and no year; else 0."""
    numbers = [item for item in said if isinstance(item, Number)]
    if len(numbers) != 1 or set(words) & language.months.keys() or set(words) & language.weekdays.keys():
        return 0
    named = {"".join(words[at : at + n]) for n in (1, 2) for at in range(len(words))}
    marked = bool(named & (language.ordinals.keys() | language.day_marks))
    return int(numbers[0].value) if marked and numbers[0].value <= _LAST else 0


def _coming_day(day: int, today: dt.date, *, next_month: bool) -> dt.date | None:
    """The next month that has such a day, and in which it is not past."""
    for months in range(int(next_month), 4):
        first = _after(today.replace(day=1), months, 1)
        if day <= calendar.monthrange(first.year, first.month)[1] and first.replace(day=day) >= today:
            return first.replace(day=day)
    return None


def _after(today: dt.date, months: int, day: int) -> dt.date:
    """So many months later, on that day or on the last that there is."""
    years, month = divmod(today.month - 1 + months, 12)
    last = calendar.monthrange(today.year + years, month + 1)[1]
    return dt.date(today.year + years, month + 1, min(day, last))


def _day(year: int, month: int, day: int, today: dt.date) -> dt.date | None:
    if not 1 <= month <= 12 or not 0 <= year <= dt.MAXYEAR:
        return None
    for wanted in (year,) if year else range(today.year, today.year + 9):
        if 1 <= day <= calendar.monthrange(wanted, month)[1] and (
            year or dt.date(wanted, month, day) >= today
        ):
            return dt.date(wanted, month, day)
    return None


def _coming(weekday: int, today: dt.date, *, later: bool) -> dt.date:
    """That weekday after today; `next` is the one of the next week."""
    ahead = (weekday - today.isoweekday() - 1) % _WEEK + 1
    same_week = today.isoweekday() + ahead <= _WEEK
    return today + dt.timedelta(days=ahead + _WEEK * (later and same_week))
