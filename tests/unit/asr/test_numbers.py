"""Numbers in sentences, as recognizers write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]  # it ships no types

from asr.grammar.language import language, languages
from asr.grammar.numbers import Number, items
from asr.grammar.tokens import tokens
from core.errors import BadInput


@pytest.mark.parametrize("tag", ["en", "es", "de", "fr"])
@given(number=st.integers(0, 1999) | st.integers(0, 9_999_999))
def test_a_number_that_is_said_is_read_again(tag: str, number: int) -> None:
    assert [item.value for item in _numbers(num2words(number, lang=tag), tag)] == [number]


@pytest.mark.parametrize(
    ("tag", "said", "values"),
    [
        ("en", "a hundred and five", [105]),
        ("en", "twelve hundred fifty", [1250]),
        ("en", "one twenty five fifty", [1, 25, 50]),
        ("en", "ten and twenty", [10, 20]),
        ("en", "$1,250.50", [Decimal("1250.50")]),
        ("es", "veinte y dos", [22]),
        ("es", "cien mil", [100_000]),
        ("de", "ein tausend zwei hundert", [1200]),
        ("de", "1.250,50", [Decimal("1250.50")]),
        ("fr", "nonante neuf", [99]),
        ("fr", "quatre vingts", [80]),
        ("hi", "दो लाख पाँच हज़ार सात सौ निन्यानवे", [205_799]),
        ("hi", "डेढ़ सौ", [150]),
    ],
)
def test_people_have_more_ways_than_one(tag: str, said: str, values: list[Decimal]) -> None:
    assert [item.value for item in _numbers(said, tag)] == values


def test_words_around_a_number_stay() -> None:
    assert items("pay fifty dollars now", language("en")) == (
        "pay",
        Number(Decimal(50), "50"),
        "dollars",
        "now",
    )


def test_every_hindi_number_below_a_hundred_has_a_word_of_its_own() -> None:
    assert {language("hi").small[word] for word in language("hi").small} >= set(range(1000))


@given(st.text(max_size=60), st.sampled_from(["en", "es", "de", "fr", "hi"]))
def test_no_text_breaks_it(text: str, tag: str) -> None:
    assert all(isinstance(item, Number | str) for item in items(text, language(tag)))


def test_accents_capitals_and_hyphens_make_no_difference() -> None:
    assert tokens("Vingt-deux, TRÈS bien!") == ("vingt", "deux", "tres", "bien")
    assert tokens("that\N{RIGHT SINGLE QUOTATION MARK}s") == ("that's",)


def test_a_tag_with_a_region_has_its_language() -> None:
    assert language("es-MX").tag == "es"


def test_a_language_without_a_file_is_named_with_those_that_have_one() -> None:
    with pytest.raises(BadInput, match="'xx'; there are de, en, es, fr, hi"):
        language("xx")
    assert languages() == ("de", "en", "es", "fr", "hi")


def _numbers(said: str, tag: str) -> list[Number]:
    return [item for item in items(said, language(tag)) if isinstance(item, Number)]
