"""Amounts as one gateway counts them: its currencies, and the decimal places that it uses for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from core.errors import BadInput
from core.money import Money, exponent


@dataclass(frozen=True, slots=True)
class Currencies:
    """A gateway's currencies.

    `exponents` are its decimal places, which differ from ISO 4217's now and then; `steps` tells of which
    number its counts must be a multiple, where that is not 1.
    """

    exponents: Mapping[str, int]
    steps: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def __contains__(self, currency: object) -> bool:
        return currency in self.exponents

    def count(self, money: Money) -> int | None:
        """The integer that the gateway wants; None when it cannot charge that amount.

        Where it counts ISK in hundredths, `Money(500, "ISK")` is 50000.
        """
        places = self.exponents.get(money.currency)
        if places is None or money.minor <= 0:
            return None
        counted, rest = divmod(money.minor * 10**places, 10 ** exponent(money.currency))
        return None if rest or counted % self.steps.get(money.currency, 1) else counted

    def decimal(self, money: Money) -> str | None:
        """The decimal text that the gateway wants, such as `12.50`; None when it cannot charge it."""
        counted = self.count(money)
        if counted is None:
            return None
        return f"{Decimal(counted).scaleb(-self.exponents[money.currency]):f}"

    def money(self, counted: int, currency: str) -> Money:
        """What a gateway's integer means; below zero too. Raises BadInput for what is no whole minor unit."""
        places = self.exponents.get(currency)
        if places is None:
            raise BadInput(f"{currency!r} is not among the gateway's currencies")
        minor, rest = divmod(counted * 10 ** exponent(currency), 10**places)
        if rest:
            raise BadInput(f"{counted} is no whole amount of {currency} with {places} decimal places")
        return Money(minor, currency)

    def parse(self, written: str, currency: str) -> Money:
        """What a gateway's decimal text means, such as `-12.50`. Raises BadInput for what is none."""
        sign = -1 if written.startswith("-") else 1
        whole, _, part = written.lstrip("-").partition(".")
        places = self.exponents.get(currency, 0)
        if not whole.isascii() or not whole.isdigit() or (part and not part.isdigit()):
            raise BadInput(f"{written!r} is not an amount of {currency}")
        if len(part.rstrip("0")) > places:
            raise BadInput(f"{written!r} has more than {places} decimal places")
        return self.money(sign * int(whole + part[:places].ljust(places, "0")), currency)
