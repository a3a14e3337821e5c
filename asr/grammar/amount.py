"""How much: `one twenty five fifty`, `a hundred and five dollars`, `the full amount`, `half`."""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from asr.grammar.language import Language
from asr.grammar.numbers import Item, Number, items
from asr.grammar.phrases import found, without
from asr.grammar.tokens import Phrase, tokens
from core.money import Money, exponent

_HUNDRED: Final = 100
_ONE: Final = Number(Decimal(1), "1")


def read_amount(text: str, due: Money, language: Language) -> Money | None:
    """An amount above nothing and up to what is due; None when none was said, or only larger ones.

    Spoken amounts are ambiguous: `twelve fifty` is 12.50 or 1250. The likeliest reading that is not more than
    what is due counts, and a question that reads it back settles the rest.
    """
    words = tokens(text)
    if found(words, language.percent):
        return _percent(_said(without(words, language.percent), language), due)
    said = _said(words, language)
    shares = {share for share in found(words, language.shares) if share[-1] in said}  # no `seven and a half`
    left = _said(without(words, shares), language) if shares else said
    if any(isinstance(item, Number) for item in left):
        return _first_payable(_readings(left, language), due)
    if shares:
        return _part(language.shares[max(shares, key=len)], due)
    return due if found(words, language.whole) else None


def _said(words: Phrase, language: Language) -> tuple[Item, ...]:
    """The numbers and words of an amount; `a dollar` is one."""
    said = items(" ".join(words), language)
    after = (*said, "")[1:]
    return tuple(
        _ONE if item in language.single and isinstance(then, str) and _mark(then, language) else item
        for item, then in zip(said, after, strict=True)
    )


def _percent(said: Sequence[Item], due: Money) -> Money | None:
    """`ten percent` of all that is due."""
    numbers = [item.value for item in said if isinstance(item, Number)]
    if len(numbers) != 1 or not 0 < numbers[0] <= _HUNDRED:
        return None
    return _part(Fraction(numbers[0]) / _HUNDRED, due)


def _part(share: Fraction, due: Money) -> Money:
    """Rounded up to what can be paid."""
    return Money(math.ceil(due.minor * share), due.currency)


def _first_payable(readings: Iterator[Decimal], due: Money) -> Money | None:
    scale = 10 ** exponent(due.currency)
    for major in readings:
        minor = major * scale
        if minor == int(minor) and 0 < minor <= due.minor:
            return Money(int(minor), due.currency)
    return None


def _readings(said: Sequence[Item], language: Language) -> Iterator[Decimal]:
    """In major units, the likeliest first."""
    before, mark, after = _split(said, language)
    match mark:
        case "point":
            yield _run(before) + Decimal(f"0.{''.join(number.digits for number in after) or 0}")
        case "major":
            yield _run(before) + _cents(after)
        case "minor":
            yield _run(before) / _HUNDRED
        case _:
            yield from _unnamed(before)


def _split(said: Sequence[Item], language: Language) -> tuple[list[Number], str, list[Number]]:
    """The numbers before the first point or name of money that follows one, that mark, and those after it."""
    before: list[Number] = []
    for place, item in enumerate(said):
        if isinstance(item, Number):
            before.append(item)
        elif before and (mark := _mark(item, language)):
            return before, mark, [later for later in said[place:] if isinstance(later, Number)]
    return before, "", []


def _mark(word: str, language: Language) -> str:
    kinds = {"point": language.point, "major": language.major, "minor": language.minor}
    return next((kind for kind, words in kinds.items() if word in words), "")


def _unnamed(numbers: list[Number]) -> Iterator[Decimal]:
    """`one twenty five` is rather 125 than 1.25, `twelve fifty` rather 12.50 than 1250."""
    numbers = _with_zeros(numbers)
    whole = _run(numbers)
    if len(numbers) == 1 or len(numbers[-1].digits) != 2:
        yield whole
        return
    parted = _run(numbers[:-1]) + _cents(numbers[-1:])
    yield from (whole, parted) if len(numbers) == 2 and len(numbers[0].digits) == 1 else (parted, whole)


def _with_zeros(numbers: list[Number]) -> list[Number]:
    """`oh five` is one number of two digits."""
    if len(numbers) > 1 and numbers[-2].digits == "0" and len(numbers[-1].digits) == 1:
        return [*numbers[:-2], Number(numbers[-1].value, f"0{numbers[-1].digits}")]
    return numbers


def _run(numbers: list[Number]) -> Decimal:
    """Numbers said one after the other as one: 1, 25 is 125."""
    return (
        numbers[0].value if len(numbers) == 1 else Decimal("".join(number.digits for number in numbers) or 0)
    )


def _cents(numbers: list[Number]) -> Decimal:
    cents = _run(numbers) if numbers else Decimal(0)
    if 0 < cents < 1:
        return cents  # `three dollars and a half`
    return cents / _HUNDRED if cents < _HUNDRED else Decimal(0)
