"""Amounts from the keypad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from ivr.steps.amount import read_amount

MOST = Money(12_550, "USD")


@pytest.mark.parametrize(
    ("keys", "minor"),
    [("25", 2500), ("25*50", 2550), ("25*5", 2550), ("25*", 2500), ("0*01", 1), ("125*50", 12_550)],
)
def test_star_is_the_decimal_point(keys: str, minor: int) -> None:
    assert read_amount(keys, MOST) == Money(minor, "USD")


@pytest.mark.parametrize("keys", ["", "*", "0", "0*00", "125*51", "1*2*3", "1*234", "9" * 10])
def test_what_is_no_amount_or_too_much_is_none(keys: str) -> None:
    assert read_amount(keys, MOST) is None


def test_a_currency_without_decimals_takes_none() -> None:
    assert read_amount("500*5", Money(1000, "JPY")) is None


@given(st.text(alphabet="0123456789*", max_size=12))
def test_whatever_is_pressed_is_within_bounds_or_none(keys: str) -> None:
    amount = read_amount(keys, MOST)
    assert amount is None or 0 < amount.minor <= MOST.minor
