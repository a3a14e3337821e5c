"""Canary cards: made up for one run, so that wherever one is found, it leaked in this run."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from rehearsal.cards import luhn_digit, random_card

WINDOW = 11
"""So many digits of a card in a row are a find; fewer come about by chance in megabytes of other numbers."""

_YEARS = range(28, 70)
_AMEX_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Canary:
    """A card that exists nowhere else: `number` passes Luhn's check, `expiry` is MMYY."""

    name: str
    number: str = field(repr=False)
    expiry: str = field(repr=False)
    code: str = field(repr=False)

    @property
    def keys(self) -> str:
        """All digits in the order in which they are keyed in."""
        return self.number + self.expiry + self.code


def new_canary(name: str, chance: Random, *, kind: str = "visa") -> Canary:
    """A card of 16 digits (`visa`, or `discover`, which no line takes by default), or of 15 (`amex`)."""
    number = _number(kind, chance)
    expiry = f"{chance.randint(1, 12):02}{chance.choice(_YEARS)}"
    code = "".join(chance.choice("0123456789") for _ in range(4 if kind == "amex" else 3))
    return Canary(name, number, expiry, code)


def windows(canary: Canary) -> Iterator[str]:
    """Every run of WINDOW digits that gives the card away: of the number, or with code and expiry at its end.

    The last of them hold the code; a code alone is three digits, which stand everywhere.
    """
    keys = canary.keys
    yield from (keys[at : at + WINDOW] for at in range(len(keys) - WINDOW + 1))


def _number(kind: str, chance: Random) -> str:
    if kind == "visa":
        return random_card(chance)
    begin, length = ("37", _AMEX_DIGITS) if kind == "amex" else ("6011", 16)
    body = begin + "".join(chance.choice("0123456789") for _ in range(length - 1 - len(begin)))
    return body + str(luhn_digit(body))
