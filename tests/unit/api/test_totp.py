"""One-time codes of an app, against the vectors of RFC 6238, and recovery codes."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from api.access import totp

_SECRET = base64.b32encode(b"12345678901234567890").decode()  # RFC 6238, appendix B
_STEP = timedelta(seconds=30)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert totp.step_of(_SECRET, code, datetime.fromtimestamp(at, UTC)) == at // 30


def test_a_clock_may_be_one_step_off_and_no_more() -> None:
    now = datetime.fromtimestamp(1111111109, UTC)
    step = totp.step_of(_SECRET, "081804", now)
    assert totp.step_of(_SECRET, "081804", now + _STEP) == step
    assert totp.step_of(_SECRET, "081804", now - _STEP) == step
    assert totp.step_of(_SECRET, "081804", now + 2 * _STEP) is None
    assert totp.step_of(_SECRET, "081804", now - 2 * _STEP) is None


@pytest.mark.parametrize("code", ["", "08180", "0818044", "08180\N{FULLWIDTH DIGIT FOUR}", "abcdef"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert totp.step_of(_SECRET, code, datetime.fromtimestamp(1111111109, UTC)) is None


def test_recovery_codes_are_known_however_they_are_typed() -> None:
    codes = totp.recovery_codes()
    assert len(set(codes)) == 10
    for code in codes:
        assert not totp.is_code(code)
        typed = code.upper().replace("0", "O").replace("1", "I").replace("-", " - ")
        assert totp.plain(typed) == code


def test_an_app_is_told_who_and_for_what() -> None:
    address = totp.app_address(totp.new_secret(), "robin@example.com", "Example Energy")
    assert address.startswith("otpauth://totp/Example%20Energy:robin%40example.com?secret=")
    assert "issuer=Example%20Energy" in address
