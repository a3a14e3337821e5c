"""Digits as people dictate them: `double four`, `oh`, `forty two`, `triple seven`."""

from decimal import Decimal
from typing import Final

from asr.grammar.language import Language
from asr.grammar.numbers import Number, items

_TIMES: Final = ("2", "3", "4")


def read_digits(text: str, language: Language) -> str | None:
    """All digits of a sentence in order; None when there are none, or when a fraction was said."""
    digits, times, last = "", 1, ""
    for item in items(text, language):
        match item:
            case Number(value=value) if value != value.to_integral_value():
                return None
            case Number(digits=said):
                last = said[:1] * times + said[1:] if times > 1 else said
                digits, times = digits + last, 1
            case str() if item in language.times_marks and last in _TIMES:  # `two times five`
                digits, times, last = digits.removesuffix(last), int(last), ""
            case str() if item in language.point:
                return None
            case str() if item not in language.articles:
                times = language.times.get(item, 1)
    return digits or None


def read_whole(text: str, language: Language) -> int | None:
    """One whole number; None when there is none, or more than one."""
    numbers = [item.value for item in items(text, language) if isinstance(item, Number)]
    return int(numbers[0]) if len(numbers) == 1 and numbers[0] == Decimal(int(numbers[0])) else None
