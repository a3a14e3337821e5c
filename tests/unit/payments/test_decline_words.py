"""What a refusal means that is told in a sentence."""

import pytest

from payments.decline_words import word_in
from payments.outcome import DeclineCode


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Insufficient Funds in the account", DeclineCode.INSUFFICIENT_FUNDS),
        ("Your card has expired", DeclineCode.EXPIRED_CARD),
        ("Invalid expiry date", DeclineCode.WRONG_EXPIRY),
        ("CVV mismatch", DeclineCode.WRONG_CODE),
        ("Card reported lost", DeclineCode.LOST_OR_STOLEN),
        ("Suspected fraud", DeclineCode.SUSPECTED_FRAUD),
        ("Exceeds withdrawal limit", DeclineCode.LIMIT_EXCEEDED),
        ("Authentication failed, wrong OTP", DeclineCode.AUTHENTICATION_REQUIRED),
        ("Transaction declined by the issuer", DeclineCode.DO_NOT_HONOR),
        ("the issuer is unavailable", DeclineCode.PROCESSING_ERROR),
        ("", DeclineCode.OTHER),
        ("something else", DeclineCode.OTHER),
    ],
)
def test_a_sentence_is_understood_by_its_words(said: str, code: DeclineCode) -> None:
    assert word_in(said) is code
