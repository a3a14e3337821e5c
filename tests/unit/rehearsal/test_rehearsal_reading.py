"""A rehearsal's file is read, and all of its mistakes are told with their lines."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rehearsal.cards import TEST_CARDS
from rehearsal.mistakes import BadScript
from rehearsal.reading import parse_script, read_script
from rehearsal.script import (
    CardField,
    Dtmf,
    ExpectHangUp,
    ExpectTransfer,
    HangUp,
    Hear,
    Phrase,
    Press,
    PressCard,
    Rhythm,
    Script,
    Wait,
)

FILE = Path("/rehearsals/pay.yaml")
TODAY = datetime(2026, 5, 1, tzinfo=UTC)
PROMPTS = ("welcome", "ask_account", "thank_you")


def read(text: str) -> Script:
    return parse_script(text, FILE, PROMPTS, TODAY)


def mistakes(text: str) -> list[tuple[int, str]]:
    with pytest.raises(BadScript) as caught:
        read(text)
    return [(mistake.line, mistake.reason) for mistake in caught.value.mistakes]


def test_all_that_can_be_written_is_read() -> None:
    script = read(
        """
name: A caller pays
dial: "2000"
from: {number: "+15550123", name: Ann Example}
dtmf: info
max: 1.5min
steps:
  - hear: welcome
    within: 3s
  - hear_all: the number of your account
  - press: "1234 5678#"
    every: 120ms
    held: 60ms
  - card: visa
    then: "#"
  - expiry: valid
  - code: "123"
  - wait: 500ms
  - expect_transfer: "201"
  - expect_hang_up:
    within: 2s
expect:
  outcome: paid
  said: [welcome, thank_you]
  not_said: "you owe nothing"
  first_sound: 800ms
  rows:
    - table: payments
      where: {call: $call}
      columns: {state: captured, amount_minor: 12550, test: true}
"""
    )

    assert (script.name, script.dial, script.dtmf, script.max_s) == ("A caller pays", "2000", Dtmf.INFO, 90.0)
    assert (script.caller, script.caller_name) == ("+15550123", "Ann Example")
    assert [step.action for step in script.steps] == [
        Hear(Phrase("welcome"), 3.0),
        Hear(Phrase("the number of your account"), 15.0, whole=True),
        Press("12345678#", Rhythm(0.12, 0.06)),
        PressCard(CardField.NUMBER, TEST_CARDS["visa"], "#"),
        PressCard(CardField.EXPIRY, "1227"),
        PressCard(CardField.CODE, "123"),
        Wait(0.5),
        ExpectTransfer("201", 15.0),
        ExpectHangUp(2.0),
    ]
    assert [step.line for step in script.steps][:3] == [8, 10, 11]
    assert script.expected.outcome == "paid"
    assert script.expected.not_said == (Phrase("you owe nothing"),)
    assert script.expected.first_sound_s == 0.8
    assert script.expected.rows[0].columns == {"state": "captured", "amount_minor": "12550", "test": "true"}
    assert script.expected.rows[0].where == {"call": "$call"}


def test_a_short_file_is_enough() -> None:
    script = read('dial: "2000"\nsteps:\n  - hang_up\n')

    assert script.name == "pay"
    assert script.caller == ""
    assert script.dtmf is Dtmf.RFC4733
    assert [step.action for step in script.steps] == [HangUp()]


def test_all_mistakes_are_told_at_once_with_their_lines() -> None:
    found = mistakes(
        """dial: 2000
form: "+15550123"
dtmf: rfc2833
max: 90
steps:
  - heer: welcome
  - hear: welcom
    within: soon
  - press: 12345678
  - press: "12 a"
  - press: "1"
    every: 50ms
  - card: viza
  - expiry: "1/29"
  - code: "12"
  - speak: yes.mp3
  - speak: yes.wav
  - hear: welcome
    press: "1"
  - dance
  - hang_up
  - wait: 1s
expect:
  outcom: paid
  said: [thank_yuo]
  rows:
    - where: {state: [captured]}
    - payments
"""
    )

    assert found == [
        (1, '`dial`: put 2000 in quotes: "2000"'),
        (2, "`form` is not known here; did you mean from?"),
        (3, "`dtmf`: `rfc2833` is not known; did you mean rfc4733?"),
        (4, "`max`: `90` is not a time such as 250ms, 10s or 2min"),
        (6, "`heer` is not a step; did you mean hear?"),
        (7, "no prompt is called `welcom`; did you mean welcome?"),
        (8, "`within`: `soon` is not a time such as 250ms, 10s or 2min"),
        (9, '`press`: put 12345678 in quotes: "12345678"'),
        (10, '`press`: keys are 0-9, *, # and A-D, in quotes: "1234#"'),
        (12, "`every` must be longer than `held`: a key is let go before the next one"),
        (13, "no test card is called `viza`; did you mean visa?"),
        (14, '`expiry`: it is `valid`, `expired`, or month and year such as "12/29"'),
        (15, '`code`: a security code has 3 or 4 digits: "123"'),
        (16, "`speak`: a recording ends in .wav or .ulaw"),
        (17, "`speak`: there is no /rehearsals/yes.wav"),
        (19, "`hear` and `press` are two steps: give each its own dash"),
        (20, found[16][1]),
        (22, "nothing can be done after `hang_up`"),
        (24, "`outcom` is not known here; did you mean outcome?"),
        (25, "no prompt is called `thank_yuo`; did you mean thank_you?"),
        (27, "`table` is missing"),
        (27, "`where`: its values must be plain: a text, a number, true or false"),
        (28, "a row is a mapping with `table`, `where` and `columns`"),
    ]
    assert found[16][1].startswith("`dance` is not a step; it is one of card, code,")


def test_keys_that_the_telephone_cannot_send_are_told() -> None:
    assert mistakes('dial: "2000"\ndtmf: info\nsteps:\n  - press: "12A"\n') == [
        (4, "`press`: A-D cannot be sent as SIP INFO by this telephone")
    ]


def test_the_message_has_a_line_for_each_mistake() -> None:
    with pytest.raises(BadScript) as caught:
        read("name: nothing else")

    assert str(caught.value) == f"{FILE}:1: `dial` is missing\n{FILE}:1: `steps` is missing"


@pytest.mark.parametrize(
    ("text", "line"),
    [("dial: [", 1), ('dial: "1"\ndial: "2"', 2), ("- dial", 1), ("", 1), ('steps: {\n "a', 2)],
)
def test_what_is_no_mapping_is_told_with_its_line(text: str, line: int) -> None:
    assert [found for found, _ in mistakes(text)] == [line]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadScript, match=r"pay\.yaml:1: the file cannot be read"):
        read_script(tmp_path / "pay.yaml")


def test_card_digits_and_keys_stay_out_of_the_repr() -> None:
    script = read('dial: "2000"\nsteps:\n  - card: visa\n  - press: "12345678"\n')

    assert "4242" not in repr(script)
    assert "12345678" not in repr(script)


@pytest.mark.parametrize(
    ("phrase", "matches"),
    [
        ("welcome", False),
        ("thank_you", True),
        ("Thank you", True),
        ("thank you, Ann", True),
        ("hank you", False),
        ("your code is", False),
    ],
)
def test_a_phrase_is_a_prompts_name_or_some_of_its_words(phrase: str, matches: bool) -> None:
    assert Phrase(phrase).matches("thank_you", "Welcome back - thank you,  Ann!") is matches


def test_the_shipped_examples_are_without_mistakes() -> None:
    examples = sorted((Path(__file__).parents[3] / "rehearsal/examples").glob("*.yaml"))

    assert len(examples) >= 6
    for example in examples:
        assert read_script(example).steps
