"""Cards for rehearsals: the numbers that payment providers publish for tests, and made-up valid ones."""

from collections.abc import Mapping
from datetime import datetime
from random import Random
from types import MappingProxyType

# docs.stripe.com/testing: no bank issued them, and no live gateway charges them
TEST_CARDS: Mapping[str, str] = MappingProxyType(
    {
        "visa": "4242424242424242",
        "visa_debit": "4000056655665556",
        "mastercard": "5555555555554444",
        "amex": "378282246310005",
        "discover": "6011111111111117",
        "diners": "3056930009020004",
        "jcb": "3566002020360505",
        "unionpay": "6200000000000005",
        "declined": "4000000000000002",
        "insufficient_funds": "4000000000009995",
        "lost": "4000000000009987",
        "stolen": "4000000000009979",
        "expired": "4000000000000069",
        "wrong_code": "4000000000000127",
        "processing_error": "4000000000000119",
        "mistyped": "4242424242424241",
    }
)

RANDOM = "random"
EXPIRIES = ("valid", "expired")


def random_card(chance: Random) -> str:
    """A Visa-like number of 16 digits that passes Luhn's check (ISO/IEC 7812-1), for finding leaks of it."""
    body = "4" + "".join(chance.choice("0123456789") for _ in range(14))
    return body + str(luhn_digit(body))


def luhn_digit(body: str) -> int:
    """The digit that makes `body` pass (ISO/IEC 7812-1 annex B)."""
    doubled = (int(digit) * 2 for digit in body[::-2])
    plain = (int(digit) for digit in body[-2::-2])
    return -(sum(number - 9 * (number > 9) for number in doubled) + sum(plain)) % 10


def expiry_keys(name: str, today: datetime) -> str:
    """MMYY: `valid` is December of next year, `expired` December of last year."""
    year = today.year + (1 if name == "valid" else -1)
    return f"12{year % 100:02}"
