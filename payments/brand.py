"""The brand of a card, told from the first digits of its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Brand(Enum):
    """Who issues the card's network, as hosted pay verbs name it."""

    VISA = "visa"
    MASTERCARD = "mastercard"
    AMEX = "amex"
    MAESTRO = "maestro"
    DISCOVER = "discover"
    JCB = "jcb"
    DINERS = "diners-club"
    ENROUTE = "enroute"
    OPTIMA = "optima"  # American Express's own; its numbers cannot be told from theirs


@dataclass(frozen=True, slots=True)
class Shape:
    """What numbers of a brand look like: `prefixes` as first to last inclusive, `lengths` in digits.

    `checked` is whether the last digit is a check digit.
    """

    brand: Brand
    prefixes: tuple[tuple[str, str], ...]
    lengths: frozenset[int]
    code_length: int = 3
    checked: bool = True


SHAPES: Sequence[Shape] = (  # the first that fits counts: Maestro's 6 stands behind Discover's 6011
    Shape(Brand.AMEX, (("34", "34"), ("37", "37")), frozenset({15}), code_length=4),
    Shape(Brand.JCB, (("3528", "3589"),), frozenset(range(16, 20))),
    Shape(
        Brand.DINERS,
        (("300", "305"), ("3095", "3095"), ("36", "36"), ("38", "39")),
        frozenset(range(14, 20)),
    ),
    Shape(Brand.ENROUTE, (("2014", "2014"), ("2149", "2149")), frozenset({15}), checked=False),
    Shape(Brand.VISA, (("4", "4"),), frozenset({13, 16, 19})),
    Shape(Brand.MASTERCARD, (("51", "55"), ("2221", "2720")), frozenset({16})),
    Shape(Brand.DISCOVER, (("6011", "6011"), ("64", "65")), frozenset(range(16, 20))),
    Shape(Brand.MAESTRO, (("50", "50"), ("56", "58"), ("6", "6")), frozenset(range(12, 20))),
)


_RANGES: Final = [
    (len(first), int(first), int(last), shape) for shape in SHAPES for first, last in shape.prefixes
]
_LONGEST: Final = max(length for length, *_ in _RANGES)


def shape_of(digits: memoryview) -> Shape | None:
    """The shape that ASCII digits begin; None while they are too few to tell, or when none fits."""
    heads = _heads(digits)
    for length, first, last, shape in _RANGES:
        if length < len(heads) and first <= heads[length] <= last:
            return shape
    return None


def takes(accepted: frozenset[Brand], brand: Brand) -> bool:
    """Whether a brand is among those accepted; who accepts Optima accepts what looks like it."""
    return brand in accepted or (brand is Brand.AMEX and Brand.OPTIMA in accepted)


def _heads(digits: memoryview) -> list[int]:
    """The number that the first 0, 1, 2, 3 and 4 digits make: fewer than PCI DSS 3.4.1 lets show."""
    heads = [0]
    for digit in digits[:_LONGEST]:
        heads.append(10 * heads[-1] + digit - ord("0"))
    return heads
