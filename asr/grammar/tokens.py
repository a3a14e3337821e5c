"""What was said, cut into words that compare equal however they are written."""

import re
import unicodedata
from typing import Final

_LETTER: Final = r"(?:[^\W\d_]|[\u0900-\u0963])"  # Devanagari's vowel signs are no letters to `re`
_TOKEN: Final = re.compile(rf"\d+(?:[.,]\d+)*|{_LETTER}+(?:'{_LETTER}+)*|[$€£₹%]")
_LATIN_ACCENT: Final = re.compile(r"([a-z])[\u0300-\u036f]+")


Phrase = tuple[str, ...]


def tokens(text: str) -> Phrase:
    """Lower case, without punctuation and Latin accents: `Vingt-deux, oui` is vingt, deux, oui."""
    decomposed = unicodedata.normalize(
        "NFKD", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    return tuple(_TOKEN.findall(unicodedata.normalize("NFC", _LATIN_ACCENT.sub(r"\1", decomposed))))


def joined(text: str) -> str:
    """The tokens as one word: `twenty-one` is `twentyone`."""
    return "".join(tokens(text))
