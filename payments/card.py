"""A card as it is keyed in: digits in one page of locked memory, checked in place."""

from datetime import date
from enum import Enum
from types import TracebackType
from typing import Final, NoReturn, Self

from core.secret import LockedPage, Secret
from payments.brand import Brand, Shape, shape_of

NUMBER_DIGITS: Final = 19  # ISO/IEC 7812-1: a number has at most 19
EXPIRY_DIGITS: Final = 4
CODE_DIGITS: Final = 4

_ZERO = ord("0")
_NINE = ord("9")
_YEARS_AHEAD = 50  # no issuer dates a card further; a later year is a slip of the finger


class CardField(Enum):
    """What is asked for, as hosted pay verbs name the steps."""

    NUMBER = "payment-card-number"
    EXPIRY = "expiration-date"
    CODE = "security-code"


class Flaw(Enum):
    """Why a field is not right, as hosted pay verbs name the error types."""

    NUMBER = "invalid-card-number"
    BRAND = "invalid-card-type"
    EXPIRY = "invalid-date"
    CODE = "invalid-security-code"


class CardEntry:
    """A card that is being keyed in: number, expiry (MMYY) and security code.

    Digits come one by one as ASCII codes (`append`); `finish` checks a field, and only then do `brand`,
    `last4` and `mask` tell anything. Nothing here makes a str, bytes or int of a number. Raises
    CannotKeepSecret when memory cannot be locked. Whoever makes it closes it, unless a Vault took it.
    """

    __slots__ = ("_accepted", "_finished", "_page", "code", "expiry", "number")

    def __init__(self, accepted: frozenset[Brand] = frozenset(Brand)) -> None:
        self._accepted = accepted
        self._finished: set[CardField] = set()
        self._page = LockedPage()
        self.number = Secret(NUMBER_DIGITS, self._page)
        self.expiry = Secret(EXPIRY_DIGITS, self._page)
        self.code = Secret(CODE_DIGITS, self._page)

    def append(self, field: CardField, code: int) -> bool:
        """Add a digit (an ASCII code); False when it is no digit, or the field is full or finished."""
        if field in self._finished or not _ZERO <= code <= _NINE or self.is_full(field):
            return False
        return self._secret(field).append(code)

    def drop_last(self, field: CardField) -> bool:
        """Take the last digit of a field back; the field is open again. False when it has none."""
        self._finished.discard(field)
        return self._secret(field).drop_last()

    def clear(self, field: CardField) -> None:
        """Empty a field, to be keyed in anew."""
        self._finished.discard(field)
        self._secret(field).wipe()

    def finish(self, field: CardField, today: date) -> Flaw | None:
        """Check a field; None when it is right and now closed to further digits.

        The number comes first: the code's length is the brand's. A card is good until the last day of
        its month, wherever `today` is.
        """
        flaw = self._flaw(field, today)
        if flaw is None:
            self._finished.add(field)
        return flaw

    def is_full(self, field: CardField) -> bool:
        """Whether no further digit can belong, so that `#` need not be waited for."""
        return len(self._secret(field)) >= self._longest(field)

    def count(self, field: CardField) -> int:
        """How many digits a field has."""
        return len(self._secret(field))

    @property
    def complete(self) -> bool:
        """Whether number and expiry are finished, and the security code is too or was not asked for."""
        needed = {CardField.NUMBER, CardField.EXPIRY} | ({CardField.CODE} if len(self.code) else set())
        return needed <= self._finished

    @property
    def brand(self) -> Brand | None:
        """The number's brand; None until enough digits are there."""
        shape = self._shape()
        return shape.brand if shape else None

    @property
    def last4(self) -> str:
        """The last four digits of a finished number, else empty (PCI DSS 3.4.1)."""
        if CardField.NUMBER not in self._finished:
            return ""
        with self.number.view() as digits, digits[-4:] as tail:
            return str(tail, "ascii")

    def mask(self, field: CardField = CardField.NUMBER) -> str:
        """What a screen may show: `xxx` while it is keyed in, then `************1234`, or `***`."""
        count = self.count(field)
        if field not in self._finished:
            return "x" * count
        return "*" * (count - 4) + self.last4 if field is CardField.NUMBER else "*" * count

    def close(self) -> None:
        """Overwrite all digits, and give the memory back. Closing twice does nothing."""
        self._finished.clear()
        for secret in (self.number, self.expiry, self.code):
            secret.close()
        self._page.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "CardEntry(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a card is never pickled")

    def _secret(self, field: CardField) -> Secret:
        match field:
            case CardField.NUMBER:
                return self.number
            case CardField.EXPIRY:
                return self.expiry
            case CardField.CODE:
                return self.code

    def _shape(self) -> Shape | None:
        with self.number.view() as digits:
            return shape_of(digits)

    def _longest(self, field: CardField) -> int:
        shape = self._shape()
        match field:
            case CardField.NUMBER:
                return max(shape.lengths) if shape else NUMBER_DIGITS
            case CardField.EXPIRY:
                return EXPIRY_DIGITS
            case CardField.CODE:
                return shape.code_length if shape else CODE_DIGITS

    def _flaw(self, field: CardField, today: date) -> Flaw | None:
        match field:
            case CardField.NUMBER:
                return self._number_flaw()
            case CardField.EXPIRY:
                with self.expiry.view() as digits:
                    return None if _in_date(digits, today) else Flaw.EXPIRY
            case CardField.CODE:
                return None if len(self.code) == self._longest(field) else Flaw.CODE

    def _number_flaw(self) -> Flaw | None:
        with self.number.view() as digits:
            shape = shape_of(digits)
            if not digits or not luhn(digits):
                return Flaw.NUMBER
            if shape is None or shape.brand not in self._accepted:
                return Flaw.BRAND
            return None if len(digits) in shape.lengths else Flaw.NUMBER


def luhn(digits: memoryview) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1 annex B), for a view of ASCII digits."""
    total = 0
    for place in range(len(digits)):
        value = digits[-1 - place] - _ZERO
        if place % 2:
            value = 2 * value - 9 * (value > 4)
        total += value
    return total % 10 == 0


def _in_date(digits: memoryview, today: date) -> bool:
    if len(digits) != EXPIRY_DIGITS:
        return False
    month, year = _two(digits, 0), 2000 + _two(digits, 2)
    return 1 <= month <= 12 and (today.year, today.month) <= (year, month) <= (today.year + _YEARS_AHEAD, 12)


def _two(digits: memoryview, at: int) -> int:
    return 10 * (digits[at] - _ZERO) + digits[at + 1] - _ZERO
