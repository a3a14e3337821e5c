"""Money as integer minor units and an ISO 4217 currency; it is never a float."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Self

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision

from core.errors import BadInput

_CODE = re.compile(r"[A-Z]{3}")
_DECIMAL = re.compile(r"(\d{1,13})(?:\.(\d{1,4}))?")


class UnknownCurrency(BadInput):
    """A currency that ISO 4217 does not list."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount: `Money(12550, "USD")` is 125.50 dollars, `Money(500, "JPY")` is 500 yen.

    Raises UnknownCurrency for a currency that ISO 4217 does not list.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in _currencies():
            raise UnknownCurrency(f"{self.currency!r} is not an ISO 4217 currency code such as USD")

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read a decimal amount such as `125.50`; BadInput when it has more places than the currency."""
        places = exponent(currency)
        match = _DECIMAL.fullmatch(text.strip())
        if match is None or len(match[2] or "") > places:
            raise BadInput(f"{text!r} is not an amount of {currency} with at most {places} decimal places")
        return cls(int(match[1] + (match[2] or "").ljust(places, "0")), currency)

    @property
    def decimal(self) -> str:
        """The amount in major units, exactly: `125.50`."""
        places = exponent(self.currency)
        sign, digits = "-" * (self.minor < 0), str(abs(self.minor)).rjust(places + 1, "0")
        return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"

    def written(self, locale: str = "en_US") -> str:
        """As a person writes it: `$125.50`."""
        return str(format_currency(Decimal(self.decimal), self.currency, locale=locale))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise BadInput(f"{self} and {other} are of two currencies and cannot be added")
        return other.minor


@cache
def exponent(currency: str) -> int:
    """How many decimal places the currency has (ISO 4217): 2 for USD, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))


@cache
def _currencies() -> frozenset[str]:
    return frozenset(code for code in get_global("all_currencies") if _CODE.fullmatch(code))
