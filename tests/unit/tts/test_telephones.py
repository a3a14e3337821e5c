"""Telephone numbers as people say them."""

import pytest

from ivr.prompt import Prompt, Telephone
from ivr.texts import Texts
from tts.normalize import words_of
from tts.telephones import telephone


@pytest.mark.parametrize(
    ("number", "language", "said"),
    [
        ("+12025550123", "en", "plus one, two zero two, five five five, zero one two three"),
        (
            "+33123456789",
            "fr",
            "plus trois trois, un, vingt-trois, quarante-cinq, soixante-sept, quatre-vingt-neuf",
        ),
        ("+4930123456", "de", "plus vier neun, drei null, eins zwei drei vier fünf sechs"),
        ("5550100", "en", "five five five, zero one zero, zero"),
        ("anonymous", "en", ""),
    ],
)
def test_a_number_is_said_in_its_groups(number: str, language: str, said: str) -> None:
    assert telephone(number, words_of(language)) == said


@pytest.mark.parametrize("language", ["en", "es", "de", "fr", "hi"])
def test_no_figure_is_left_in_any_language(language: str) -> None:
    said = telephone("+911234567890", words_of(language))
    assert said
    assert not any(sign.isdigit() for sign in said)


def test_a_prompt_says_a_telephone_number_as_one() -> None:
    own = {"en": {"own_words": "Call {text}."}}
    prompt = Prompt("own_words", text=Telephone("+12025550123"))
    speech = Texts({"company": "Example Power"}, own).speech(prompt, "en")
    assert speech.text == "Call plus one, two zero two, five five five, zero one two three."
