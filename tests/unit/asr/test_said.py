"""What callers say, language by language: each file of `said/` holds sentences and what they mean."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from asr.grammar.amount import read_amount
from asr.grammar.answers import read_choice, read_yes_no
from asr.grammar.dates import read_date
from asr.grammar.digits import read_digits, read_whole
from asr.grammar.language import language, languages
from core.money import Money

TODAY = dt.date(2026, 11, 20)  # a Friday
DUE = Money(1_000_000, "USD")
_FOLDER = Path(__file__).parent / "said"
_LEAST = {
    "yes": 30,
    "no": 25,
    "neither": 9,
    "digits": 10,
    "numbers": 15,
    "amounts": 25,
    "dates": 27,
    "choices": 8,
}


def _read(tag: str) -> dict[str, Any]:  # Any: TOML
    return tomllib.loads((_FOLDER / f"{tag}.toml").read_text("utf-8"))


def _all(kind: str) -> list[tuple[Any, ...]]:  # Any: of a TOML list
    said = [(tag, one) for tag in languages() for one in _read(tag)[kind]]
    return [(tag, one) if isinstance(one, str) else (tag, *one) for tag, one in said]


@pytest.mark.parametrize("tag", languages())
def test_every_language_has_sentences_enough(tag: str) -> None:
    assert {kind: len(said) for kind, said in _read(tag).items() if len(said) < _LEAST[kind]} == {}
    assert _read(tag).keys() == _LEAST.keys()


@pytest.mark.parametrize(("tag", "said"), _all("yes"))
def test_it_is_a_yes(tag: str, said: str) -> None:
    assert read_yes_no(said, language(tag)) is True


@pytest.mark.parametrize(("tag", "said"), _all("no"))
def test_it_is_a_no(tag: str, said: str) -> None:
    assert read_yes_no(said, language(tag)) is False


@pytest.mark.parametrize(("tag", "said"), _all("neither"))
def test_it_is_neither(tag: str, said: str) -> None:
    assert read_yes_no(said, language(tag)) is None


@pytest.mark.parametrize(("tag", "said", "digits"), _all("digits"))
def test_these_are_the_digits(tag: str, said: str, digits: str) -> None:
    assert read_digits(said, language(tag)) == digits


@pytest.mark.parametrize(("tag", "said", "number"), _all("numbers"))
def test_this_is_the_number(tag: str, said: str, number: int) -> None:
    assert read_whole(said, language(tag)) == number


@pytest.mark.parametrize(("tag", "said", "minor"), _all("amounts"))
def test_this_is_the_amount(tag: str, said: str, minor: int) -> None:
    assert read_amount(said, DUE, language(tag)) == Money(minor, "USD")


@pytest.mark.parametrize(("tag", "said", "day"), _all("dates"))
def test_this_is_the_day(tag: str, said: str, day: str) -> None:
    assert read_date(said, TODAY, language(tag)) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(("tag", "said", "key"), _all("choices"))
def test_this_is_the_choice(tag: str, said: str, key: str) -> None:
    choices = {"1": "1", "2": "2", "3": "3"}
    assert read_choice(said, choices, {}, language(tag)) == key
