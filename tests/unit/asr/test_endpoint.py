"""When a turn begins and when it is over, frame by frame."""

from asr.endpoint import Endpoint, Manner
from asr.expect import COMPLETE_S, DICTATED_S, NAMED_S, USUAL_S, amount_up_to, digits_of, one_of, yes_or_no
from asr.grammar.check import luhn
from asr.grammar.language import language
from asr.vad import FRAME_S
from core.money import Money

EN = language("en")


def _heard(*stretches: tuple[float, float]) -> Endpoint:
    """An endpoint that was fed so many seconds of such a probability, one stretch after the other."""
    endpoint = Endpoint(Manner())
    for seconds, probability in stretches:
        for _ in range(round(seconds / FRAME_S)):
            endpoint.hear(probability)
    return endpoint


def test_silence_is_no_turn() -> None:
    endpoint = _heard((5, 0.1))
    assert not endpoint.spoke
    assert not endpoint.over(0.2)


def test_a_turn_is_over_after_so_much_silence_and_not_before() -> None:
    assert not _heard((1, 0.9), (0.4, 0.1)).over(0.7)
    assert _heard((1, 0.9), (0.8, 0.1)).over(0.7)


def test_a_click_is_no_turn() -> None:
    assert not _heard((0.06, 0.9), (1, 0.1)).over(0.2)


def test_clicks_do_not_add_up_to_a_word() -> None:
    assert not _heard(*[(0.06, 0.9), (0.3, 0.1)] * 10).spoke


def test_a_voice_that_drops_goes_on_until_it_is_gone() -> None:
    endpoint = _heard((0.5, 0.9), (0.5, 0.4))
    assert endpoint.silent_s == 0
    assert _heard((0.5, 0.4)).spoken_s == 0


def test_a_prompt_is_interrupted_by_a_word_and_not_by_a_click() -> None:
    assert not _heard((0.06, 0.9)).interrupts
    assert _heard((0.2, 0.9)).interrupts


def test_who_never_stops_is_stopped() -> None:
    assert _heard((31, 0.9)).over(0.7)


def test_a_yes_is_complete_and_a_hum_is_not() -> None:
    expected = yes_or_no(EN)
    assert expected.patience_s("yes please") == COMPLETE_S
    assert expected.patience_s("well") == USUAL_S


def test_an_amount_that_may_go_on_is_given_time() -> None:
    expected = amount_up_to(Money(20_000, "USD"), EN)
    assert expected.patience_s("fifty") == USUAL_S
    assert expected.patience_s("fifty dollars") == NAMED_S
    assert expected.patience_s("fifty dollars and twenty cents") == COMPLETE_S
    assert expected.patience_s("the full amount") == COMPLETE_S


def test_who_reads_digits_out_is_not_cut_off() -> None:
    expected = digits_of(4, bool, EN)
    assert expected.patience_s("four two") == DICTATED_S
    assert expected.patience_s("four two four two") == COMPLETE_S


def test_the_first_alternative_that_means_something_counts() -> None:
    assert digits_of(11, luhn, EN).best(["7 9 9 2 7 3 9 8 7 1 0", "7 9 9 2 7 3 9 8 7 1 3"]) == "79927398713"
    assert one_of({"1": True}, {"1": ("pay",)}, EN).best(["bay", "pay"]) is True
    assert yes_or_no(EN).best(["hm", ""]) is None
