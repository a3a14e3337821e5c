"""What is keyed in to pay with: digits in one page of locked memory, checked in place."""

import hmac
from collections.abc import Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType, TracebackType
from typing import Final, NoReturn, Self

from core.check_digits import aba, luhn
from core.errors import BadInput
from core.secret import LockedPage, Secret
from payments.bank import ACCOUNT_DIGITS, ROUTING_DIGITS, SHORTEST_ACCOUNT
from payments.brand import Brand, Shape, shape_of, takes

NUMBER_DIGITS: Final = 19  # ISO/IEC 7812-1: a number has at most 19
EXPIRY_DIGITS: Final = 4
CODE_DIGITS: Final = 4
POSTAL_DIGITS: Final = 10  # ZIP+4 has 9; no country's is longer

_ZERO = ord("0")
_NINE = ord("9")
_YEARS_AHEAD = 50  # no issuer dates a card further; a later year is a slip of the finger


class CardField(Enum):
    """What is asked for, as hosted pay verbs name the steps."""

    NUMBER = "payment-card-number"
    EXPIRY = "expiration-date"
    CODE = "security-code"
    POSTAL = "postal-code"
    ROUTING = "bank-routing-number"
    ACCOUNT = "bank-account-number"
    NUMBER_AGAIN = "payment-card-number-matcher"
    EXPIRY_AGAIN = "expiration-date-matcher"
    CODE_AGAIN = "security-code-matcher"
    POSTAL_AGAIN = "postal-code-matcher"


MATCHED: Mapping[CardField, CardField] = MappingProxyType(
    {
        CardField.NUMBER_AGAIN: CardField.NUMBER,
        CardField.EXPIRY_AGAIN: CardField.EXPIRY,
        CardField.CODE_AGAIN: CardField.CODE,
        CardField.POSTAL_AGAIN: CardField.POSTAL,
    }
)
"""Each field that is keyed in a second time, and the one that it must be like."""

_LONGEST: Mapping[CardField, int] = {
    CardField.NUMBER: NUMBER_DIGITS,
    CardField.EXPIRY: EXPIRY_DIGITS,
    CardField.CODE: CODE_DIGITS,
    CardField.POSTAL: POSTAL_DIGITS,
    CardField.ROUTING: ROUTING_DIGITS,
    CardField.ACCOUNT: ACCOUNT_DIGITS,
}
_CARD = frozenset({CardField.NUMBER, CardField.EXPIRY})
_BANK = frozenset({CardField.ROUTING, CardField.ACCOUNT})
_SHOWN: Mapping[CardField, int] = {CardField.NUMBER: 4, CardField.ACCOUNT: 2}  # PCI DSS 3.4.1


class Flaw(Enum):
    """Why a field is not right, as hosted pay verbs name the error types."""

    NUMBER = "invalid-card-number"
    BRAND = "invalid-card-type"
    EXPIRY = "invalid-date"
    CODE = "invalid-security-code"
    POSTAL = "invalid-postal-code"
    ROUTING = "invalid-bank-routing-number"
    ACCOUNT = "invalid-bank-account-number"
    MATCH = "input-matching-failed"


_FLAWS: Mapping[CardField, Flaw] = {
    CardField.EXPIRY: Flaw.EXPIRY,
    CardField.CODE: Flaw.CODE,
    CardField.POSTAL: Flaw.POSTAL,
    CardField.ROUTING: Flaw.ROUTING,
    CardField.ACCOUNT: Flaw.ACCOUNT,
}


class CardEntry:
    """What is being keyed in: a card (number, expiry as MMYY, security code, postal code) or a bank account.

    Digits come one by one as ASCII codes (`append`); `finish` checks a field, and only then do `brand`,
    `last4` and `mask` tell anything. Nothing here makes a str, bytes or int of a number. A postal code has
    at least `shortest_postal` digits. Raises CannotKeepSecret when memory cannot be locked. Whoever makes
    it closes it, unless a Vault took it.
    """

    __slots__ = ("_accepted", "_finished", "_page", "_secrets", "_shortest_postal")

    def __init__(self, accepted: frozenset[Brand] = frozenset(Brand), shortest_postal: int = 1) -> None:
        self._accepted, self._shortest_postal = accepted, shortest_postal
        self._finished: set[CardField] = set()
        self._page = LockedPage()
        self._secrets = {
            field: Secret(_LONGEST[MATCHED.get(field, field)], self._page) for field in CardField
        }

    @property
    def number(self) -> Secret:
        """The card's number."""
        return self._secrets[CardField.NUMBER]

    @property
    def expiry(self) -> Secret:
        """The month and year in which the card ends, MMYY."""
        return self._secrets[CardField.EXPIRY]

    @property
    def code(self) -> Secret:
        """The security code; empty when it was not asked for."""
        return self._secrets[CardField.CODE]

    @property
    def postal_code(self) -> Secret:
        """The postal code of the bill's address; empty when it was not asked for."""
        return self._secrets[CardField.POSTAL]

    @property
    def routing(self) -> Secret:
        """The bank's routing number (ABA)."""
        return self._secrets[CardField.ROUTING]

    @property
    def account(self) -> Secret:
        """The number of the account at that bank."""
        return self._secrets[CardField.ACCOUNT]

    def append(self, field: CardField, code: int) -> bool:
        """Add a digit (an ASCII code); False when it is no digit, or the field is full or finished."""
        if field in self._finished or not _ZERO <= code <= _NINE or self.is_full(field):
            return False
        return self._secrets[field].append(code)

    def know_postal(self, code: str) -> None:
        """Take a postal code that is known already, which may hold letters. Raises BadInput when too long."""
        if len(code) > POSTAL_DIGITS or not code.isascii():
            raise BadInput(f"a postal code has at most {POSTAL_DIGITS} letters and digits")
        self.clear(CardField.POSTAL)
        self.postal_code.extend(code.encode("ascii"))
        self._finished.add(CardField.POSTAL)

    def drop_last(self, field: CardField) -> bool:
        """Take the last digit of a field back; the field is open again. False when it has none."""
        self._finished.discard(field)
        return self._secrets[field].drop_last()

    def clear(self, field: CardField) -> None:
        """Empty a field, to be keyed in anew, and what hangs on it: its repetition; the number's code."""
        also = {CardField.CODE, CardField.CODE_AGAIN} if field is CardField.NUMBER else set()
        for one in {field, *also, *(again for again, first in MATCHED.items() if first is field)}:
            self._finished.discard(one)
            self._secrets[one].wipe()

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
        return len(self._secrets[field]) >= self._longest(field)

    def is_finished(self, field: CardField) -> bool:
        """Whether a field was checked and found right."""
        return field in self._finished

    def count(self, field: CardField) -> int:
        """How many digits a field has."""
        return len(self._secrets[field])

    @property
    def complete(self) -> bool:
        """Whether a card's number and expiry, or a bank account's two numbers, are finished, and all else
        that was begun is too."""
        begun = {field for field in CardField if self.count(field)}
        return (_BANK if begun & _BANK else _CARD) | begun <= self._finished

    @property
    def brand(self) -> Brand | None:
        """The number's brand; None until enough digits are there."""
        shape = self._shape()
        return shape.brand if shape else None

    @property
    def last4(self) -> str:
        """The last four digits of a finished number, else empty (PCI DSS 3.4.1)."""
        return self._ending(CardField.NUMBER)

    @property
    def last2(self) -> str:
        """The last two digits of a finished account number, else empty."""
        return self._ending(CardField.ACCOUNT)

    def mask(self, field: CardField = CardField.NUMBER) -> str:
        """What a screen may show: `xxx` while it is keyed in, then `************1234`, or `***`."""
        count = self.count(field)
        if field not in self._finished:
            return "x" * count
        return "*" * (count - _SHOWN.get(field, 0)) + self._ending(field)

    def close(self) -> None:
        """Overwrite all digits, and give the memory back. Closing twice does nothing."""
        self._finished.clear()
        for secret in self._secrets.values():
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

    def _ending(self, field: CardField) -> str:
        shown = _SHOWN.get(field, 0)
        if field not in self._finished or not shown:
            return ""
        with self._secrets[field].view() as digits, digits[-shown:] as tail:
            return str(tail, "ascii")

    def _shape(self) -> Shape | None:
        with self.number.view() as digits:
            return shape_of(digits)

    def _longest(self, field: CardField) -> int:
        shape = self._shape()
        match field:
            case CardField.NUMBER if shape:
                return max(shape.lengths)
            case CardField.CODE if shape:
                return shape.code_length
            case _ if field in MATCHED:
                return self.count(MATCHED[field])
            case _:
                return _LONGEST[field]

    def _flaw(self, field: CardField, today: date) -> Flaw | None:
        with self._secrets[field].view() as digits:
            if field is CardField.NUMBER:
                return self._number_flaw(digits)
            return None if self._is_right(field, digits, today) else _FLAWS.get(field, Flaw.MATCH)

    def _is_right(self, field: CardField, digits: memoryview, today: date) -> bool:
        match field:
            case CardField.EXPIRY:
                return _in_date(digits, today)
            case CardField.CODE:
                return len(digits) == self._longest(field)
            case CardField.POSTAL:
                return len(digits) >= max(1, self._shortest_postal)
            case CardField.ROUTING:
                return aba(digits)
            case CardField.ACCOUNT:
                return len(digits) >= SHORTEST_ACCOUNT
            case _:
                return self._is_like(MATCHED[field], digits)

    def _number_flaw(self, digits: memoryview) -> Flaw | None:
        shape = shape_of(digits)
        if not digits or not (luhn(digits) or (shape and not shape.checked)):
            return Flaw.NUMBER
        if shape is None or not takes(self._accepted, shape.brand):
            return Flaw.BRAND
        return None if len(digits) in shape.lengths else Flaw.NUMBER

    def _is_like(self, first: CardField, again: memoryview) -> bool:
        """Compared in place, in a time that does not tell where they differ."""
        with self._secrets[first].view() as digits:
            return first in self._finished and hmac.compare_digest(digits, again)


def _in_date(digits: memoryview, today: date) -> bool:
    if len(digits) != EXPIRY_DIGITS:
        return False
    month, year = _two(digits, 0), 2000 + _two(digits, 2)
    return 1 <= month <= 12 and (today.year, today.month) <= (year, month) <= (today.year + _YEARS_AHEAD, 12)


def _two(digits: memoryview, at: int) -> int:
    return 10 * (digits[at] - _ZERO) + digits[at + 1] - _ZERO
