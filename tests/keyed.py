"""A card that nobody has, keyed in digit by digit."""

import secrets
from datetime import date

from core.check_digits import luhn
from payments.card import CardEntry, CardField

TODAY = date(2026, 11, 20)


def canary() -> list[int]:
    """The ASCII codes of a random Visa number, never put together as a string."""
    body = [ord("4"), *(48 + secrets.randbelow(10) for _ in range(14))]
    return next([*body, last] for last in range(48, 58) if luhn(memoryview(bytearray([*body, last]))))


def keyed_in(codes: list[int]) -> CardEntry:
    entry = CardEntry()
    for name, digits in (
        (CardField.NUMBER, codes),
        (CardField.EXPIRY, list(b"1234")),
        (CardField.CODE, list(b"123")),
    ):
        for digit in digits:
            entry.append(name, digit)
        assert entry.finish(name, TODAY) is None
    return entry
