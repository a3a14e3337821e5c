"""Card numbers go, whatever they are dressed in; what only looks a little like one stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import Answered, Fact, Pressed, Said, Spoke
from core.ids import CallId
from core.redaction import MARK, RedactedFacts, Redactor, redacted

CARD = "4242424242424242"
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def with_check_digit(digits: str) -> str:
    """The digits and the one that makes them pass Luhn's check, as ISO/IEC 7812-1 computes it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return digits + str(-total % 10)


numbers = (
    st.text("0123456789", min_size=12, max_size=18).filter(lambda one: int(one) > 0).map(with_check_digit)
)


@st.composite
def dressed(draw: st.DrawFn) -> tuple[str, str]:
    """A card number, and a way of writing or saying it."""
    number = draw(numbers)
    parts = [draw(st.sampled_from([digit, WORDS[int(digit)], WORDS[int(digit)].title()])) for digit in number]
    joints = draw(
        st.lists(
            st.sampled_from([" ", "-", " - ", ", ", ". ", " uh ", " and then ", "\n"]),
            min_size=len(parts),
            max_size=len(parts),
        )
    )
    together = draw(st.booleans())
    return number, number if together else "".join(
        part + joint for part, joint in zip(parts, joints, strict=True)
    ).rstrip()


@given(
    dressed(),
    st.sampled_from(["", "My card is ", "Well: ", "account 12, card "]),
    st.sampled_from(["", " thanks"]),
)
def test_a_card_number_goes_in_every_dress(card: tuple[str, str], before: str, after: str) -> None:
    found = redacted(before + card[1] + after)
    assert MARK in found
    assert card[1] not in found
    assert found.startswith(before)


@given(dressed(), st.integers(1, 5))
def test_a_number_that_is_said_in_pieces_goes_from_all_of_them_in_the_end(
    card: tuple[str, str], pieces: int
) -> None:
    words = card[1].split(" ")
    step = -(-len(words) // pieces)
    redactor = Redactor()
    for at in range(0, len(words), step):
        redactor.take(" ".join(words[at : at + step]))
    assert MARK in "".join(redactor.turns())
    left = "".join(redactor.turns()).casefold()
    assert not any(word in left for word in (*WORDS, *"0123456789"))


@given(st.text(max_size=200))
def test_any_text_comes_through(text: str) -> None:
    found = redacted(text)
    assert found == text or MARK in found


@given(st.text(max_size=300))
def test_what_was_redacted_has_nothing_left_to_redact(text: str) -> None:
    assert redacted(redacted(text)) == redacted(text)


@pytest.mark.parametrize(
    "said",
    [
        CARD,
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242.4242.4242.4242",
        "3782 822463 10005",
        "four two four two four two four two four two four two four two four two",
        "Four double one, treble one, double one double one, triple one double one one",
        "forty two forty two forty-two forty-two forty two forty two forty two forty two",
        "three seven eight two, eight two two four six three one oh, oh oh five",
        "4242 uh 4242 um 42 42 and then four two four two",
        "\u0664\u0662\u0664\u0662 4242 4242 4242",
    ],
)
def test_a_card_that_is_read_out_goes(said: str) -> None:
    assert redacted(f"It is {said}.") == f"It is {MARK}."


def test_expiry_and_code_that_follow_go_with_it() -> None:
    assert redacted(f"{CARD} 12 29 123, that is all") == f"{MARK}, that is all"
    assert redacted("42424242424242421229123 is it") == f"{MARK} is it"


@pytest.mark.parametrize(
    "said",
    [
        "Call +1 555 0100 or +1 555 0101.",
        "+15550100",
        "(555) 555-0100 ext. 1234",
        "+44 20 7946 0018, please",
        "You owe $1,234.56 of $12,345.67 since 2026.",
        "one hundred and twenty three dollars and forty five cents",
        "twelve thousand three hundred and forty five dollars",
        "Your account 12345678 ends in 5678.",
        "Your code is 1 2 3 4, 5 6 7 8.",
        "2026-11-21T12:13:35.123456Z",
        "4242 4242 4242 4243",
        "call_1m7yz4mywvn947yfg3rmp5qj0 ended after 12.5 s",
        "Press one for sales, two for support, three for billing, four to hear this again.",
        "0000 0000 0000 0000",
        "oh oh one moment",
    ],
)
def test_what_is_no_card_stays(said: str) -> None:
    assert redacted(said) == said


def test_another_word_between_two_halves_makes_them_two_numbers() -> None:
    assert redacted("4242 4242 is not 4242 4242") == "4242 4242 is not 4242 4242"


def test_what_the_line_answers_between_two_turns_does_not_hide_the_number() -> None:
    redactor = Redactor()
    assert redactor.take("four two four two, four two four two") == "four two four two, four two four two"
    assert redactor.take("er 4242 4242, yes") == f"{MARK}, yes"
    assert redactor.turns() == [MARK, f"{MARK}, yes"]


def test_turns_long_ago_are_forgotten() -> None:
    redactor = Redactor()
    for _ in range(100):
        redactor.take("yes")
    assert len(redactor.turns()) == 8


class Told:
    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def tell(self, fact: Fact) -> None:
        self.facts.append(fact)


def test_facts_are_kept_without_card_numbers() -> None:
    call, kept = CallId("call_1"), Told()
    facts = RedactedFacts(kept)
    facts.tell(Said(call, "echo", f"You said {CARD}"))
    facts.tell(Answered(call, "number", "4242 4242"))
    facts.tell(Answered(call, "number", "4242 4242"))
    facts.tell(Spoke(call, "number", "four two four two four two four two", 300, 20))
    facts.tell(Spoke(call, "number", "four two four two four two four two", 300, 20))
    facts.tell(Pressed(call, "number", 3))
    assert kept.facts == [
        Said(call, "echo", f"You said {MARK}"),
        Answered(call, "number", "4242 4242"),
        Answered(call, "number", MARK),
        Spoke(call, "number", "four two four two four two four two", 300, 20),
        Spoke(call, "number", MARK, 300, 20),
        Pressed(call, "number", 3),
    ]
