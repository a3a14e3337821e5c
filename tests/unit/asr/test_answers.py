"""What callers mean by what they say."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.grammar.amount import read_amount
from asr.grammar.answers import read_choice, read_yes_no
from asr.grammar.check import CHECKS, first_valid
from asr.grammar.dates import read_date, read_month
from asr.grammar.digits import read_digits, read_whole
from asr.grammar.language import language
from core.money import Money

DUE = Money(20_000, "USD")
TODAY = dt.date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("tag", "said", "minor"),
    [
        ("en", "one twenty five fifty", 12550),
        ("en", "a hundred and five dollars", 10500),
        ("en", "i want to pay fifty three dollars and twenty cents", 5320),
        ("en", "twelve fifty", 1250),
        ("en", "one twenty five", 12500),
        ("en", "one ninety nine fifty", 19950),
        ("en", "three fifty", 350),  # 350 dollars are not due
        ("en", "twelve point five", 1250),
        ("en", "one two five point five oh", 12550),
        ("en", "$125.50", 12550),
        ("en", "ninety nine cents", 99),
        ("en", "five oh five", 505),
        ("en", "the full amount please", 20000),
        ("en", "all of it", 20000),
        ("en", "half", 10000),
        ("en", "fifty percent", 10000),
        ("es", "ciento veinticinco dólares con cincuenta centavos", 12550),
        ("es", "la mitad", 10000),
        ("de", "hundertfünf Euro zwanzig", 10520),
        ("de", "zwölf Komma fünf", 1250),
        ("fr", "quatre-vingt-dix-neuf euros cinquante", 9950),
        ("hi", "एक सौ पच्चीस रुपये", 12500),
    ],
)
def test_an_amount_is_understood(tag: str, said: str, minor: int) -> None:
    assert read_amount(said, DUE, language(tag)) == Money(minor, "USD")


@pytest.mark.parametrize("said", ["two thousand dollars", "nothing", "", "zero", "i do not know"])
def test_more_than_is_due_and_nothing_are_no_amounts(said: str) -> None:
    assert read_amount(said, DUE, language("en")) is None


def test_an_amount_has_no_more_places_than_its_currency() -> None:
    assert read_amount("twelve point five", Money(500, "JPY"), language("en")) is None
    assert read_amount("one hundred twenty", Money(500, "JPY"), language("en")) == Money(120, "JPY")


@given(st.integers(1, 20_000))
def test_every_amount_in_dollars_and_cents_is_read_again(minor: int) -> None:
    dollars, cents = divmod(minor, 100)
    assert read_amount(f"{dollars} dollars and {cents} cents", DUE, language("en")) == Money(minor, "USD")


@pytest.mark.parametrize(
    ("tag", "said", "digits"),
    [
        ("en", "double four oh three triple seven", "4403777"),
        ("en", "forty two", "42"),
        ("en", "it is 4 2 4 2", "4242"),
        ("en", "one hundred", "100"),
        ("es", "doble cuatro cero uno", "4401"),
        ("de", "null drei zwo", "032"),
        ("fr", "zéro six vingt-deux", "0622"),
        ("hi", "चार दो शून्य", "420"),
        ("en", "hello", None),
        ("en", "one point five", None),
    ],
)
def test_digits_are_understood_as_people_dictate_them(tag: str, said: str, digits: str | None) -> None:
    assert read_digits(said, language(tag)) == digits


def test_one_whole_number_is_not_two() -> None:
    assert read_whole("three of them", language("en")) == 3
    assert read_whole("three or four", language("en")) is None


@pytest.mark.parametrize(
    ("tag", "said", "meant"),
    [
        ("en", "yes", True),
        ("en", "yeah that's right", True),
        ("en", "of course", True),
        ("en", "of course not", False),
        ("en", "that's not right", False),
        ("en", "no thank you", False),
        ("en", "yes no", None),
        ("en", "i'm not sure", None),
        ("en", "banana", None),
        ("es", "claro que sí", True),
        ("es", "claro que no", False),
        ("de", "das stimmt", True),
        ("de", "das stimmt nicht", False),
        ("fr", "d'accord", True),
        ("fr", "bien sûr que non", False),
        ("hi", "जी हाँ", True),
        ("hi", "ठीक नहीं है", False),
    ],
)
def test_yes_and_no_have_many_words(tag: str, said: str, meant: bool | None) -> None:
    assert read_yes_no(said, language(tag)) is meant


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("pay it now", "PAY"),
        ("i would like to speak to a person", "AGENT"),
        ("two", "AGENT"),
        ("the first one", "PAY"),
        ("option 2 please", "AGENT"),
        ("three", None),
        ("pay a person", None),
        ("hm", None),
    ],
)
def test_a_choice_is_made_by_its_phrase_its_number_or_its_place(said: str, chosen: str | None) -> None:
    phrases = {"1": ("pay", "pay my bill"), "2": ("person", "an agent")}
    assert read_choice(said, {"1": "PAY", "2": "AGENT"}, phrases, language("en")) == chosen


@pytest.mark.parametrize(
    ("tag", "said", "date"),
    [
        ("en", "march fifth", dt.date(2027, 3, 5)),
        ("en", "the fifth of march twenty twenty eight", dt.date(2028, 3, 5)),
        ("en", "december the twenty first", dt.date(2026, 12, 21)),
        ("en", "12/24", dt.date(2026, 12, 24)),
        ("en", "tomorrow", dt.date(2026, 11, 22)),
        ("en", "friday", dt.date(2026, 11, 27)),
        ("en", "next sunday", dt.date(2026, 11, 29)),
        ("en", "twenty ninth of february", dt.date(2028, 2, 29)),
        ("en", "february thirtieth", None),
        ("en", "whenever", None),
        ("es", "el cinco de marzo", dt.date(2027, 3, 5)),
        ("de", "am dritten fünften", dt.date(2027, 5, 3)),
        ("fr", "le premier avril", dt.date(2027, 4, 1)),
        ("hi", "पाँच मार्च", dt.date(2027, 3, 5)),
    ],
)
def test_a_day_is_understood(tag: str, said: str, date: dt.date | None) -> None:
    assert read_date(said, TODAY, language(tag)) == date


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("december twenty twenty nine", (12, 2029)),
        ("zero four twenty eight", (4, 2028)),
        ("oh three twenty twenty eight", (3, 2028)),
        ("march twenty eight", (3, 2028)),
        ("thirteen twenty eight", None),
        ("soon", None),
    ],
)
def test_a_month_is_understood_as_cards_show_it(said: str, month: tuple[int, int] | None) -> None:
    assert read_month(said, language("en")) == month


def test_a_check_digit_chooses_among_what_may_have_been_said() -> None:
    assert first_valid(["79927398710", "79927398713"], CHECKS["luhn"]) == "79927398713"
    assert first_valid(["021000022", "021000021"], CHECKS["aba"]) == "021000021"
    assert first_valid(["123498", "123499"], CHECKS["mod97"]) is None
    assert first_valid(["3214282912345698765432161182"], CHECKS["mod97"]) is not None
