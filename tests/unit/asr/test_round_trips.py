"""What our own voice says is understood as what it said, in each language."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.grammar.amount import read_amount
from asr.grammar.dates import read_date
from asr.grammar.digits import read_digits, read_whole
from asr.grammar.language import language, languages
from core.money import Money
from tts.normalize import words_of

TODAY = dt.date(2026, 11, 20)
MOST = Money(10**9, "USD")
CURRENCIES = {"en": "USD", "es": "USD", "de": "EUR", "fr": "EUR", "hi": "INR"}

every_language = pytest.mark.parametrize("tag", languages())


@every_language
@settings(max_examples=1000)
@given(minor=st.integers(1, 10**8) | st.integers(1, 20_000))
def test_an_amount_comes_back(tag: str, minor: int) -> None:
    amount = Money(minor, CURRENCIES[tag])
    said = words_of(tag).money(amount)
    assert read_amount(said, Money(10**9, amount.currency), language(tag)) == amount, said


@every_language
@settings(max_examples=2000)
@given(number=st.integers(0, 1_000_000) | st.integers(0, 3000))
def test_a_number_comes_back(tag: str, number: int) -> None:
    assert read_whole(words_of(tag).number(number), language(tag)) == number


@every_language
@given(digits=st.text("0123456789", min_size=1, max_size=16), group=st.integers(0, 4))
def test_digits_come_back(tag: str, digits: str, group: int) -> None:
    assert read_digits(words_of(tag).digits(digits, group), language(tag)) == digits


@every_language
@settings(max_examples=500)
@given(day=st.dates(dt.date(2026, 11, 20), dt.date(2059, 12, 31)))
def test_a_date_comes_back(tag: str, day: dt.date) -> None:
    assert read_date(words_of(tag).date(day), TODAY, language(tag)) == day
