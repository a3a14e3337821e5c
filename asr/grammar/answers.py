"""Yes and no, in many words; and one choice out of a few."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from asr.grammar.language import Language
from asr.grammar.numbers import Number, items
from asr.grammar.phrases import found, without
from asr.grammar.tokens import joined, tokens

T = TypeVar("T")

_LONGEST_ORDINAL: Final = 2
_LAST: Final = "-1"


def read_yes_no(text: str, language: Language) -> bool | None:
    """True for a yes, False for a no, None for neither, for both, and for a maybe.

    The longest phrase wins over those within it: `of course not` holds `of course`, and is a no.
    """
    words = tokens(text)
    if words in language.yes_alone:
        return True  # `please`, which within a sentence says nothing
    doubts, refused = found(words, language.maybe), found(words, language.no)
    if doubts and not any(len(no) > len(doubt) for no in refused for doubt in found(no, doubts)):
        return None  # but `maybe later` is a no
    left = without(words, language.no)
    said_no, said_yes = left != words, bool(found(left, language.yes))
    longer_yes = {yes for yes in found(words, language.yes) if found(yes, language.no)}
    if longer_yes:
        return True
    return None if said_no == said_yes else said_yes


def read_choice(
    text: str, choices: Mapping[str, T], phrases: Mapping[str, Sequence[str]], language: Language
) -> T | None:
    """The choice one of whose phrases was said, or whose key was named alone (`two`, `the second one`).

    The longest phrase counts; None when two choices are equally likely. The last one is that of the greatest
    number.
    """
    by_phrase = _by_phrase(text, phrases)
    keys = by_phrase or {
        max(choices, default="") if key == _LAST else key for key in _numbers(text, language)
    }
    return choices.get(keys.pop()) if len(keys) == 1 else None


def read_phrase(text: str, phrases: Mapping[str, Sequence[str]]) -> str | None:
    """The key one of whose phrases was said, by the same rule."""
    keys = _by_phrase(text, phrases)
    return keys.pop() if len(keys) == 1 else None


def _by_phrase(text: str, phrases: Mapping[str, Sequence[str]]) -> set[str]:
    words, longest, best = tokens(text), 0, set[str]()
    for key, ways in phrases.items():
        length = max((len(way) for way in found(words, map(tokens, ways))), default=0)
        if length > longest:
            longest, best = length, {key}
        elif length and length == longest:
            best.add(key)
    return best


def _numbers(text: str, language: Language) -> set[str]:
    words = tokens(text)
    """Ordinals where there are any: in `the second one` nobody counts from one."""
    spoken = {item.digits for item in items(text, language) if isinstance(item, Number)}
    pairs = (
        joined(" ".join(words[i : i + n])) for n in range(1, _LONGEST_ORDINAL + 1) for i in range(len(words))
    )
    return {str(language.ordinals[pair]) for pair in pairs if pair in language.ordinals} or spoken
