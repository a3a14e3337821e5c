"""The texts of the line: complete, checked before the first call, and said in words."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import ivr
from core.errors import BadInput
from core.money import Money
from ivr.prompt import Digits, Prompt
from ivr.texts import Texts, spoken

ALWAYS = {"company": "Example Power"}


def test_every_language_has_every_text() -> None:
    assert Texts(ALWAYS).languages == ["de", "en", "es", "fr", "hi"]


def test_a_line_that_listens_has_every_text_too() -> None:
    heard = Texts(ALWAYS, spoken(lambda _language: True)).speech(
        Prompt("confirm_amount", amount=Money(2_000, "USD")), "en"
    )
    assert heard.text == "You are paying: twenty dollars. Is this right?"


@pytest.mark.parametrize("folder", ["prompts", "prompts/spoken", "answers"])
def test_all_languages_say_and_take_the_same(folder: str) -> None:
    files = (Path(ivr.__path__[0]) / folder).glob("*.toml")
    keys = {file.stem: frozenset(tomllib.loads(file.read_text("utf-8"))) for file in files}
    assert {language: keys["en"] ^ own for language, own in keys.items() if own != keys["en"]} == {}
    assert len(keys) == 5


def test_what_is_said_to_a_line_that_listens_has_the_same_placeholders() -> None:
    Texts(ALWAYS, spoken())  # it refuses all others


def test_a_prompt_is_said_in_words() -> None:
    speech = Texts(ALWAYS).speech(Prompt("due", ending=Digits("34"), amount=Money(12_550, "USD")), "en")
    assert speech.text == (
        "The amount due on your account ending in three four is: "
        "one hundred and twenty-five dollars and fifty cents."
    )


def test_what_differs_from_call_to_call_is_a_piece_of_its_own() -> None:
    due = Prompt("due", ending=Digits("34"), amount=Money(12_550, "USD"))
    assert [piece.text for piece in Texts(ALWAYS).pieces(due, "en")] == [
        "The amount due on your account ending in three four is:",
        "one hundred and twenty-five dollars and fifty cents.",
    ]


def test_a_code_is_pieced_together_from_its_signs() -> None:
    paid = Prompt("paid", amount=Money(100, "USD"), code=Digits("K7A2B9", group=3))
    pieces = [piece.text for piece in Texts(ALWAYS).pieces(paid, "en")]
    code = ["K", "seven", "ay,", "two", "B", "nine."]
    once, again = pieces.index("Your confirmation code is:"), pieces.index("Once more:")
    assert pieces[once + 1 : again] == pieces[again + 1 :] == code


def test_a_prompt_inside_a_prompt_gives_its_own_pieces() -> None:
    declined = Prompt("declined", reason=Prompt("reason_expired_card"))
    pieces = [piece.text for piece in Texts(ALWAYS).pieces(declined, "en")]
    assert pieces == ["Your payment was not accepted.", "The card has expired."]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_rendered_before_the_first_call_is_what_calls_ask_for(language: str) -> None:
    texts = Texts(ALWAYS)
    fixed = {piece.text for piece in texts.fixed(language)}
    paid = Prompt("paid", amount=Money(100, "USD"), code=Digits("1"))
    asked = {piece.text for prompt in (Prompt("greeting"), paid) for piece in texts.pieces(prompt, language)}
    differs = {texts.pieces(paid, language)[place].text for place in (3, 5)}
    assert asked - fixed <= differs


def test_a_prompt_inside_a_prompt_is_its_own_text() -> None:
    speech = Texts(ALWAYS).speech(Prompt("declined", reason=Prompt("reason_expired_card")), "es")
    assert speech.text == "Su pago no fue aceptado. La tarjeta venció."


def test_what_is_the_same_in_each_call_is_filled_in_once() -> None:
    assert "Example Power" in Texts(ALWAYS).speech(Prompt("greeting"), "en").text


def test_the_operator_may_say_it_in_other_words() -> None:
    texts = Texts(ALWAYS, {"en": {"goodbye": "Cheerio from {company}."}})
    assert texts.speech(Prompt("goodbye"), "en").text == "Cheerio from Example Power."


def test_all_mistakes_are_reported_at_once() -> None:
    own = {"en": {"goodby": "Bye.", "due": "You owe {sum}.", "no_input": " "}, "es": {"sorry": "{oops"}}
    with pytest.raises(BadInput) as refused:
        Texts(ALWAYS, own)
    for mistake in (
        "'due' does not say {amount}",
        "no prompt is called 'goodby'",
        "{sum} that nobody fills",
        "'no_input' is empty",
        "es: 'sorry'",
    ):
        assert mistake in str(refused.value)


def test_a_language_with_a_text_missing_is_refused() -> None:
    with pytest.raises(BadInput, match="es-MX: there is no text for 'goodbye'"):
        Texts(ALWAYS, {"es-MX": {"greeting": "Hola."}})


def test_a_constant_that_is_not_given_is_missed() -> None:
    with pytest.raises(BadInput, match=r"nothing is given for \{company\}"):
        Texts({})


def test_a_prompt_with_other_values_than_its_text_wants_is_refused() -> None:
    with pytest.raises(BadInput, match=r"wants \['amount', 'ending'\], not \['amount'\]"):
        Texts(ALWAYS).speech(Prompt("due", amount=Money(1, "USD")), "en")


def test_fixed_texts_are_the_sentences_that_want_no_value() -> None:
    texts = [speech.text for speech in Texts(ALWAYS).fixed("en")]
    assert {"Thank you for calling.", "Good bye."} <= set(texts)
    assert not any("{" in text for text in texts)


def test_every_prompt_in_the_code_has_a_text_that_wants_just_its_values() -> None:
    texts = Texts(ALWAYS)
    used = {}
    for name, values in _prompts_in_the_code():
        assert texts.placeholders(name) == values, name
        used[name] = values
    assert len(used) > 40


def test_every_text_is_used_by_some_prompt_in_the_code() -> None:
    used = {name for name, _ in _prompts_in_the_code()}
    assert {name for name in Texts(ALWAYS).names if name not in used} == set()


def _prompts_in_the_code() -> Iterator[tuple[str, frozenset[str]]]:
    files = sorted(Path(ivr.__path__[0]).rglob("*.py"))
    for file in (file for file in files if file.name != "texts.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Prompt":
                assert isinstance(node.args[0], ast.Constant), f"{file.name}: name prompts literally"
                yield str(node.args[0].value), frozenset(str(word.arg) for word in node.keywords)
