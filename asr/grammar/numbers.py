"""Whole numbers in a sentence: `one hundred twenty five dollars` is 125 and the word dollars."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from asr.grammar.language import Language
from asr.grammar.phrases import begins
from asr.grammar.tokens import tokens

_LONGEST: Final = 12  # words of one number below a thousand
_NO_LIMIT: Final = 10**15
_HALF: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was said; `digits` keeps what a value loses, such as the zero of `oh five`."""

    value: Decimal
    digits: str


Item = Number | str


def items(text: str, language: Language) -> tuple[Item, ...]:
    """The sentence with its numbers read: each other word stays as it is."""
    return tuple(_items(_parted(tokens(text), language), language))


def _parted(words: tuple[str, ...], language: Language) -> tuple[str, ...]:
    """`zweitausendelf` as zwei, tausend, elf."""
    if not language.parts:
        return words
    cut = "|".join(map(re.escape, language.parts))
    return tuple(piece for word in words for piece in re.split(f"({cut})", word) if piece)


def _items(words: tuple[str, ...], language: Language) -> Iterator[Item]:
    place = 0
    while place < len(words):
        if words[place][0].isdecimal():
            yield _written(words[place], language)
            place += 1
        elif (digit := language.digits.get(words[place])) is not None:
            yield Number(Decimal(digit), digit)
            place += 1
        elif found := _number(words, place, language):
            value, place = found
            yield Number(value, str(value.to_integral_value(ROUND_FLOOR)))
        elif half := begins(words, place, language.and_half):
            yield Number(_HALF, "")
            place += half
        else:
            yield words[place]
            place += 1


def _number(words: tuple[str, ...], place: int, language: Language) -> tuple[Decimal, int] | None:
    """The longest number from there, and where it ends: groups below a thousand, each with its scale."""
    total, end, limit = Decimal(0), place, _NO_LIMIT
    while limit > 1:
        start = end + (end > place and end < len(words) and words[end] in language.links)
        group, after = _shifted(words, start, language)
        scale, after = _scale(words, after, language)
        part = (1 if group is None else group) * scale
        if after == start or part >= limit:
            break
        total, end, limit = total + part, after, scale
    return (total, end) if end > place else None


def _shifted(words: tuple[str, ...], place: int, language: Language) -> tuple[Decimal | None, int]:
    """A group with what is said before or after it: `two and a half`, and `half a` before a scale."""
    half = begins(words, place, language.half_of)
    if half and place + half < len(words) and words[place + half] in language.scales:
        return _HALF, place + half
    shift = language.shifts.get(words[place]) if place < len(words) else None
    if shift is not None:
        return _changed(words, place + 1, shift, language)
    group, after = _group(words, place, language)
    if group is not None and (more := begins(words, after, language.and_half)):
        return group + _HALF, after + more
    return group, after


def _changed(
    words: tuple[str, ...], place: int, shift: Decimal, language: Language
) -> tuple[Decimal | None, int]:
    """What a word before a number makes of it (one word below a hundred), or of the scale that follows."""
    word = words[place] if place < len(words) else ""
    if word in language.scales:
        return 1 + shift, place
    number = language.small.get(word)
    return (None, place - 1) if number is None else (number + shift, place + 1)


def _group(words: tuple[str, ...], place: int, language: Language) -> tuple[Decimal | None, int]:
    for end in range(min(place + _LONGEST, len(words)), place, -1):
        if (value := language.small.get("".join(words[place:end]))) is not None:
            return value, end
    return None, place


def _scale(words: tuple[str, ...], place: int, language: Language) -> tuple[int, int]:
    """What the group is multiplied by: `hundred thousand` is one scale, `million thousand` is two groups."""
    scale = last = 1
    while place < len(words) and (factor := language.scales.get(words[place], 0)) > last:
        scale, last, place = scale * factor, factor, place + 1
    return scale, place


def _written(word: str, language: Language) -> Number:
    """Digits as some recognizers write them: `1,250.50`; marks that make no number are passed over."""
    point, comma = (".", ",") if language.decimal == "." else (",", ".")
    grouped = rf"\d{{1,3}}(?:{re.escape(comma)}\d{{3}})+|\d+"
    match = re.fullmatch(rf"({grouped})(?:{re.escape(point)}(\d+))?", word)
    digits = re.sub(r"\D", "", word)
    fraction = match[2] or "" if match else ""
    return Number(Decimal(digits).scaleb(-len(fraction)), digits)
