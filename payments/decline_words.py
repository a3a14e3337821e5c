"""What a refusal means where a vendor tells it in a sentence and not by a code."""

from collections.abc import Sequence
from typing import Final

from payments.outcome import DeclineCode

_WORDS: Final[Sequence[tuple[str, DeclineCode]]] = (
    ("insufficient", DeclineCode.INSUFFICIENT_FUNDS),
    ("expired card", DeclineCode.EXPIRED_CARD),
    ("card has expired", DeclineCode.EXPIRED_CARD),
    ("card expired", DeclineCode.EXPIRED_CARD),
    ("expiry", DeclineCode.WRONG_EXPIRY),
    ("cvv", DeclineCode.WRONG_CODE),
    ("security code", DeclineCode.WRONG_CODE),
    ("lost", DeclineCode.LOST_OR_STOLEN),
    ("stolen", DeclineCode.LOST_OR_STOLEN),
    ("pick up", DeclineCode.LOST_OR_STOLEN),
    ("fraud", DeclineCode.SUSPECTED_FRAUD),
    ("risk", DeclineCode.SUSPECTED_FRAUD),
    ("limit", DeclineCode.LIMIT_EXCEEDED),
    ("otp", DeclineCode.AUTHENTICATION_REQUIRED),
    ("authentication", DeclineCode.AUTHENTICATION_REQUIRED),
    ("invalid card", DeclineCode.WRONG_NUMBER),
    ("card number", DeclineCode.WRONG_NUMBER),
    ("not permitted", DeclineCode.NOT_SUPPORTED),
    ("not supported", DeclineCode.NOT_SUPPORTED),
    ("technical", DeclineCode.PROCESSING_ERROR),
    ("timed out", DeclineCode.PROCESSING_ERROR),
    ("unavailable", DeclineCode.PROCESSING_ERROR),
    ("honor", DeclineCode.DO_NOT_HONOR),
    ("honour", DeclineCode.DO_NOT_HONOR),
    ("declined", DeclineCode.DO_NOT_HONOR),
    ("denied", DeclineCode.DO_NOT_HONOR),
)


def word_in(sentence: str) -> DeclineCode:
    """Our word for a sentence: the first that is in it; OTHER when none is."""
    said = sentence.lower()
    return next((code for word, code in _WORDS if word in said), DeclineCode.OTHER)
