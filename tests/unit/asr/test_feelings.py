"""How upset a caller is, by their words."""

import pytest

from asr.feelings.sentiment import feelings
from ivr.mood import Mood


@pytest.mark.parametrize(
    ("language", "angry", "calm"),
    [
        ("en", "this is ridiculous, I am so angry with you people", "I would like to pay my bill"),
        ("es", "esto es ridículo, estoy harto", "quiero pagar mi factura"),
        ("de", "das ist eine Frechheit, ich bin wütend", "ich möchte meine Rechnung bezahlen"),
        ("fr", "c'est inadmissible, j'en ai marre", "je voudrais payer ma facture"),
        ("hi", "यह बकवास है, मैं तंग आ गया", "मुझे बिल भरना है"),
    ],
)
def test_angry_words_weigh_more_than_plain_ones(language: str, angry: str, calm: str) -> None:
    felt = feelings(language)
    assert felt is not None
    assert felt.anger(angry) >= 1.0
    assert felt.anger(calm) == 0.0


@pytest.mark.parametrize(
    "text", ["that is not bad", "no problem at all", "thank you so much", "I am not angry"]
)
def test_a_negation_turns_a_word_off_and_thanks_are_friendly(text: str) -> None:
    felt = feelings("en")
    assert felt is not None
    assert felt.anger(text) <= 0.0


def test_a_language_without_a_list_tells_nothing() -> None:
    assert feelings("xx") is None
    mood = Mood()
    mood.heard("anything", "xx")
    assert not mood.upset


def test_attempts_that_fail_add_up_and_an_answer_calms() -> None:
    mood = Mood()
    seen = []
    for _ in range(4):
        mood.failed()
        seen.append(mood.upset)
    mood.answered()
    assert [*seen, mood.upset] == [False, False, False, True, False]


def test_who_says_the_same_again_and_louder_is_upset_sooner() -> None:
    calm, loud = Mood(), Mood()
    for level in (-30.0, -31.0, -30.0):
        calm.heard("pay my bill", "en", -30.0)
        loud.heard("pay my bill", "en", level)
    calm.heard("something else now", "en", -29.0)
    loud.heard("pay my bill", "en", -15.0)
    assert loud.score > calm.score
