"""A purchase as the bandit sees it: a short row of numbers between 0 and 1."""

from math import log10
from typing import Final
from zlib import crc32

import numpy as np

from core.money import Money, exponent
from payments.purchase import Method
from payments.routing.bandit import Vector

_BRANDS: Final = ("visa", "mastercard", "amex")
_REGIONS: Final = 6  # places for regions: two that share one are taken for the same
_CURRENCIES: Final = 3
_LARGEST: Final = 6.0  # a million, as a power of ten

SIZE: Final = 3 + len(_BRANDS) + _REGIONS + _CURRENCIES


def context(amount: Money, method: Method, brand: str, region: str) -> Vector:
    """`SIZE` numbers, the first of which is 1."""
    row = np.zeros(SIZE)
    row[0] = 1.0
    row[1] = min(log10(1 + amount.minor / 10 ** exponent(amount.currency)) / _LARGEST, 1.0)
    row[2] = method is not Method.CARD
    if brand in _BRANDS:
        row[3 + _BRANDS.index(brand)] = 1.0
    place = 3 + len(_BRANDS)
    if region:
        row[place + crc32(region.encode()) % _REGIONS] = 1.0
    row[place + _REGIONS + crc32(amount.currency.encode()) % _CURRENCIES] = 1.0
    return row
