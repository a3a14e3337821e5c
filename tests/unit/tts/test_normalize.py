"""What the caller hears instead of a figure."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.money import Money
from tts.normalize import languages, words_of


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (Money(12550, "USD"), "one hundred and twenty-five dollars and fifty cents"),
        (Money(101, "USD"), "one dollar and one cent"),
        (Money(200, "USD"), "two dollars"),
        (Money(0, "USD"), "zero dollars"),
        (Money(99, "GBP"), "ninety-nine pence"),
        (Money(500, "JPY"), "five hundred yen"),
        (Money(1_250, "KWD"), "one point two five zero Kuwaiti dinars"),
    ],
)
def test_an_amount_is_said_with_the_names_of_its_currency(money: Money, words: str) -> None:
    assert words_of("en").money(money) == words


def test_digits_are_said_one_by_one_with_a_pause_between_groups() -> None:
    assert words_of("en").digits("123456", group=3) == "one two three, four five six"


def test_a_code_is_spelled_and_the_letter_a_is_not_read_as_an_article() -> None:
    assert words_of("en").code("K7-A2") == "K seven, ay two"


def test_the_signs_of_a_code_say_where_a_pause_is_due() -> None:
    assert words_of("en").signs("1234A6", group=2) == ["one", "two,", "three", "four,", "ay", "six"]


def test_a_date_is_said_in_full() -> None:
    assert words_of("en").date(dt.date(2027, 5, 4)) == "May fourth, twenty twenty-seven"


def test_the_month_of_a_card_is_said_without_a_day() -> None:
    assert words_of("en").month(dt.date(2027, 5, 1)) == "May twenty twenty-seven"


def test_spanish_counts_before_the_noun() -> None:
    words = words_of("es")
    assert words.money(Money(2150, "USD")) == "veintiún dólares con cincuenta centavos"
    assert words.money(Money(100, "USD")) == "un dólar"


def test_a_region_without_a_file_speaks_as_its_language() -> None:
    assert words_of("es-MX").number(3) == "tres"


def test_a_language_without_a_file_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadInput, match="'xx'; there are de, en, es, fr, hi"):
        words_of("xx")


@given(minor=st.integers(0, 10**9), currency=st.sampled_from(["USD", "EUR", "JPY", "KWD", "INR"]))
@pytest.mark.parametrize("language", languages())
def test_no_figure_is_left_in_any_amount(language: str, minor: int, currency: str) -> None:
    words = words_of(language).money(Money(minor, currency))
    assert words
    assert not any(sign.isdigit() for sign in words)
