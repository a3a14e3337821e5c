"""CCAvenue's encryption, beside what OpenSSL's command makes of the same text."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.gateways.ccavenue.secrecy import decrypted, encrypted

KEY = "0123456789ABCDEF0123456789ABCDEF"
PLAIN = "merchant_id=1&order_id=pay_1&currency=INR&amount=125.50"
# printf '%s' "$PLAIN" | openssl enc -aes-128-cbc -K $(md5 of KEY) -iv 000102030405060708090a0b0c0d0e0f
SEALED = (
    "722788c15106b02eee441fcb0428b2acf552931172e776529707d3782d2c01e8"
    "2996dbc0ed1e6e16527137b7f5599af58da74e9d4f846ea6a02f43a797f2e9f6"
)


def test_a_request_is_encrypted_as_openssl_does_it() -> None:
    assert hashlib.md5(KEY.encode(), usedforsecurity=False).hexdigest() == "5392fad6bee373074dbd3edfae6506f2"
    assert encrypted(PLAIN, KEY) == SEALED
    assert decrypted(SEALED, KEY) == PLAIN


@given(st.text(max_size=200))
def test_what_was_hidden_comes_out_again(text: str) -> None:
    assert decrypted(encrypted(text, KEY), KEY) == text


@pytest.mark.parametrize("wrong", ["", "xyz", "00", "00" * 16, SEALED[:-2], SEALED[:-32]])
def test_anything_else_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decrypted(wrong, KEY)
