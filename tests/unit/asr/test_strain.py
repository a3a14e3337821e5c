"""What is given up when sound waits, in which order, and how it comes back."""

from asr.strain import Step, Strain


class Hours:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def _strained(clock: Hours, lag_s: float, seconds: float) -> tuple[Strain, list[Step]]:
    strain, steps = Strain(clock), list[Step]()
    for _ in range(round(seconds * 10)):
        clock.now_s += 0.1
        strain.note(lag_s)
        if not steps or steps[-1] != strain.step:
            steps.append(strain.step)
    return strain, steps


def test_each_step_is_taken_in_the_stated_order() -> None:
    _, steps = _strained(Hours(), 2.0, 3.0)
    assert steps == [
        Step.NO_SECOND_OPINIONS,
        Step.NO_PARTIALS,
        Step.LONGER_CHUNKS,
        Step.KEYPAD_FIRST,
    ]


def test_the_strain_goes_no_further_than_the_lag() -> None:
    assert _strained(Hours(), 0.05, 3.0)[0].step is Step.EASY
    assert _strained(Hours(), 0.2, 3.0)[0].step is Step.NO_SECOND_OPINIONS
    assert _strained(Hours(), 0.4, 3.0)[0].step is Step.NO_PARTIALS
    assert _strained(Hours(), 0.8, 3.0)[0].step is Step.LONGER_CHUNKS


def test_one_slow_answer_costs_one_step() -> None:
    strain = Strain(Hours())
    strain.note(4.7)
    assert strain.step is Step.NO_SECOND_OPINIONS


def test_everything_comes_back_by_itself_when_nobody_speaks_any_more() -> None:
    clock = Hours()
    strain, _ = _strained(clock, 2.0, 3.0)
    steps = list[Step]()
    for seconds in (3.1, 60):
        clock.now_s += seconds
        steps.append(strain.step)
    assert steps == [Step.LONGER_CHUNKS, Step.EASY]


def test_a_lag_near_the_mark_holds_the_step() -> None:
    clock = Hours()
    strain, _ = _strained(clock, 0.4, 1.0)
    for _ in range(100):
        clock.now_s += 0.1
        strain.note(0.2)
    assert strain.step is Step.NO_PARTIALS
