"""Telephone numbers in words, in the groups that people say them in."""

from collections.abc import Iterator, Mapping
from typing import Final

import phonenumbers

from tts.normalize import Words

_PLUS: Final[Mapping[str, str]] = {"en": "plus", "es": "más", "de": "plus", "fr": "plus", "hi": "प्लस"}
_IN_PAIRS: Final = frozenset({"fr"})  # `vingt-trois, quarante-cinq` where others say digit by digit


def telephone(number: str, words: Words) -> str:
    """`+15550100200` is `plus one, five five five, zero one zero, ...`; a pause comes after each group.

    A number without its country (E.164 begins with `+`) is said in groups of three.
    """
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return words.digits("".join(sign for sign in number if sign.isdigit()), group=3)
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    base = words.language.partition("-")[0]
    country, *groups = written.removeprefix("+").replace("-", " ").split()
    said = [f"{_PLUS.get(base, '')} {words.digits(country)}".strip()]
    return ", ".join([*said, *_groups(groups, words, pairs=base in _IN_PAIRS)])


def _groups(groups: list[str], words: Words, *, pairs: bool) -> Iterator[str]:
    for group in groups:
        if pairs and len(group) == 2 and group[0] != "0":
            yield words.number(int(group))
        else:
            yield words.digits(group)
