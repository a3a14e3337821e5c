"""Looking for phrases in what was said."""

from collections.abc import Iterable

from asr.grammar.tokens import Phrase


def begins(words: Phrase, place: int, phrases: Iterable[Phrase]) -> int:
    """How many words the longest of these phrases has that is said from there on; 0 when none is."""
    return max((len(one) for one in phrases if words[place : place + len(one)] == one), default=0)


def found(words: Phrase, phrases: Iterable[Phrase]) -> set[Phrase]:
    """Those of the phrases that were said, word by word."""
    return {phrase for phrase in phrases if _says(words, phrase)}


def without(words: Phrase, phrases: Iterable[Phrase]) -> Phrase:
    """The words that are left when every such phrase, the longest first, is taken out."""
    for phrase in sorted(phrases, key=len, reverse=True):
        while (place := _place(words, phrase)) is not None:
            words = words[:place] + words[place + len(phrase) :]
    return words


def _says(words: Phrase, phrase: Phrase) -> bool:
    return _place(words, phrase) is not None


def _place(words: Phrase, phrase: Phrase) -> int | None:
    for place in range(len(words) - len(phrase) + 1):
        if words[place : place + len(phrase)] == phrase:
            return place
    return None
