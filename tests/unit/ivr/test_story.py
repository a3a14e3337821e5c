"""A call's story, read from its facts."""

from datetime import UTC, datetime, timedelta

from core.events import Answered, Fact, Pressed, Recorded, Said, SaidAll, Spoke, StepReached
from core.ids import CallId
from ivr.figures import figures
from ivr.story import Turn, Voice, transcript, turns

_CALL = CallId("call_1")
_AT = datetime(2026, 1, 31, 12, tzinfo=UTC)


def _told(*facts: tuple[float, Fact]) -> list[Recorded]:
    return [
        Recorded(number, _AT + timedelta(seconds=after_s), fact)
        for number, (after_s, fact) in enumerate(facts, start=1)
    ]


_FACTS = _told(
    (0, Said(_CALL, "ask_account", "Please say your account number.")),
    (2, SaidAll(_CALL, "ask_account", interrupted=True)),
    (5, Spoke(_CALL, "account", "one two three", waited_ms=600, thought_ms=150)),
    (5.05, Answered(_CALL, "account", "123")),
    (5.1, Said(_CALL, "due", "You owe ten dollars.")),
    (9, Pressed(_CALL, "how_much", 1)),
    (9.2, Said(_CALL, "card_intro", "I will now ask for your card.")),
    (12, Pressed(_CALL, "again", 2)),
)


def test_what_both_said_stands_in_order_and_keys_are_only_counted() -> None:
    told = transcript(_FACTS)
    assert [(one.voice, one.text) for one in told] == [
        (Voice.LINE, "Please say your account number."),
        (Voice.CALLER, "one two three"),
        (Voice.LINE, "You owe ten dollars."),
        (Voice.CALLER, "(1 key)"),
        (Voice.LINE, "I will now ask for your card."),
        (Voice.CALLER, "(2 keys)"),
    ]


def test_a_turn_is_from_the_callers_last_sound_to_the_lines_next_word() -> None:
    assert turns(_FACTS) == [
        Turn(_AT + timedelta(seconds=5), "account", 600, 150, 850),
        Turn(_AT + timedelta(seconds=9), "how_much", None, None, 200),
    ]


def test_a_call_ends_where_something_was_said_last_and_in_a_written_flow_at_a_step() -> None:
    step = StepReached(_CALL, "office", "pay")
    own, ours = Said(_CALL, "office.pay", "Pay now."), Said(_CALL, "card_number", "Your card number.")
    told = [((0, ours),), ((0, ours), (1, step)), ((0, step), (1, own)), ((0, step), (1, own), (2, ours))]
    ended = [figures(_told(*one)).left_at for one in told]
    assert ended == ["card_number", "office.pay", "office.pay", "office.pay: card_number"]
