"""Card numbers taken out of words before anybody keeps them: digits that were said, typed, or spelled out."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.check_digits import luhn
from core.events import Answered, Fact, Facts, Said, Spoke

MARK: Final = "[card number]"
_SHORTEST, _LONGEST = 13, 19  # ISO/IEC 7812-1
_TURNS: Final = 8  # a number that is said in more pieces than that is none
_MOST_A_WORD: Final = 3  # digits: "quadruple" before one makes three more


def _numbered(words: str, first: int) -> dict[str, str]:
    return {word: str(value) for value, word in enumerate(words.split(), first)}


def _any(words: Iterable[str]) -> str:
    return rf"\b(?:{'|'.join(sorted(words, key=len, reverse=True))})\b"


_NOUGHTS: Final = dict.fromkeys(("zero", "oh", "o", "nought"), "0")
_ONES: Final = _numbered("one two three four five six seven eight nine", 1)
_UNITS: Final = {**_NOUGHTS, **_ONES}
_TEENS: Final = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10
)
_TENS: Final = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 2)
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_HESITATION: Final = r"\b(?:uh|um|er|erm|ah|and|then|dash|hyphen|space|comma)\b"

# Each piece of a text is one of these, tried in this order; what is none of them breaks a number off.
_PIECE: Final = re.compile(
    rf"""(?P<digits>\d+)
    | (?P<times>{_any(_TIMES)}) \s+ (?P<repeated>\d\b|{_any(_UNITS)})
    | (?P<tens>{_any(_TENS)}) (?:[\s-]* (?P<more>{_any(_ONES)}))?
    | (?P<word>{_any([*_UNITS, *_TEENS, "hundred"])})
    | (?P<joint>[\s.,\u2010-\u2014-]+ | {_HESITATION})
    | (?P<other>[^\W\d_]+|.)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_DIGIT: Final = re.compile(r"\d")
_NUMBER: Final = re.compile(_any([*_UNITS, *_TEENS, *_TENS, *_TIMES, "hundred"]), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits that were written or said as one, and where they stand in the text."""

    digits: str
    begin: int
    end: int


def redacted(text: str) -> str:
    """The text with MARK in place of each number of 13 to 19 digits that passes Luhn's check.

    Spaces, dashes, dots and hesitations may lie between its digits, and English words may spell them
    (`four double one, oh`). What follows such a number without another word (its expiry, its code) goes too.
    """
    return _without(text, 0, _cards(text))


class Redactor:
    """One speaker's turns in one call: a number that is said in pieces is found when its last piece comes.

    The pieces before were given away by then: who keeps whole conversations takes `turns` anew each time.
    """

    def __init__(self) -> None:
        self._turns: deque[str] = deque(maxlen=_TURNS)

    def take(self, text: str) -> str:
        """The next turn, redacted by what is known now."""
        self._turns.append(text)
        return self.turns()[-1]

    def turns(self) -> Sequence[str]:
        """The last turns, at most 8, all redacted by what is known now."""
        cards = _cards("\n".join(self._turns))
        begins = 0
        found = []
        for turn in self._turns:
            found.append(_without(turn, begins, cards))
            begins += len(turn) + 1
        return found


class RedactedFacts:
    """What is told of one call goes on without card numbers, be they said at once or in several answers."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._answers, self._speech = Redactor(), Redactor()

    def tell(self, fact: Fact) -> None:
        """Hand a fact on."""
        match fact:
            case Said():
                fact = replace(fact, text=redacted(fact.text))
            case Answered():
                fact = replace(fact, value=self._answers.take(fact.value))
            case Spoke():
                fact = replace(fact, text=self._speech.take(fact.text))
            case _:
                pass
        self._facts.tell(fact)


def is_card(number: int) -> bool:
    """Whether it may be a card's: 13 to 19 digits that pass Luhn's check."""
    digits = str(number)
    return _SHORTEST <= len(digits) <= _LONGEST and _luhn(digits)


def _without(text: str, begins: int, cards: Sequence[tuple[int, int]]) -> str:
    """The text, which stands at `begins` of a longer one, with MARK where the spans of that one meet it."""
    for begin, end in reversed(cards):
        first, last = max(begin - begins, 0), min(end - begins, len(text))
        if first < last:
            text = text[:first] + MARK + text[last:]
    return text


def _cards(text: str) -> Sequence[tuple[int, int]]:
    """Where card numbers stand, in order."""
    if len(_DIGIT.findall(text)) + _MOST_A_WORD * len(_NUMBER.findall(text)) < _SHORTEST:
        return ()
    return [span for run in _runs(text) if (span := _span(run)) is not None]


def _span(run: Sequence[_Group]) -> tuple[int, int] | None:
    """From where a card number begins in the run to the end of the run."""
    for at, group in enumerate(run):
        digits = ""
        for other in run[at:]:
            digits += other.digits
            if len(digits) > _LONGEST:
                break
            if len(digits) >= _SHORTEST and _luhn(digits):
                return group.begin, run[-1].end
        if len(group.digits) > _LONGEST and _holds_card(group.digits):
            return group.begin, run[-1].end
    return None


def _holds_card(digits: str) -> bool:
    """Whether digits without a gap, more than a card has, begin with a number and go on with its expiry."""
    return any(_luhn(digits[:length]) for length in range(_SHORTEST, _LONGEST + 1))


def _runs(text: str) -> Iterator[Sequence[_Group]]:
    """Groups of digits with nothing but joints and hesitations between them."""
    run: list[_Group] = []
    for piece in _PIECE.finditer(text):
        if digits := _digits(piece):
            run.append(_Group(digits, piece.start(), piece.end()))
        elif piece["other"] is not None and run:
            yield run
            run = []
    if run:
        yield run


def _digits(piece: re.Match[str]) -> str:
    """What the piece says, in digits; empty for what is no number."""
    said = {name: text.casefold() for name, text in piece.groupdict().items() if text}
    match said:
        case {"digits": digits}:
            return _ascii(digits)
        case {"times": times, "repeated": one}:
            return _ascii(_UNITS.get(one, one)) * _TIMES[times]
        case {"tens": tens}:
            return _TENS[tens] + _UNITS.get(said.get("more", ""), "0")
        case {"word": "hundred"}:
            return "00"
        case {"word": word}:
            return _UNITS.get(word) or _TEENS[word]
    return ""


def _ascii(digits: str) -> str:
    """Digits of any script as 0 to 9."""
    return "".join(str(int(digit)) for digit in digits)


def _luhn(digits: str) -> bool:
    """Noughts alone are no number."""
    return bool(digits.strip("0")) and luhn(digits.encode())
