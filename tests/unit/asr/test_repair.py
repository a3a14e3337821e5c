"""Numbers with check digits, heard with a slip."""

from hypothesis import given
from hypothesis import strategies as st

from asr.grammar.check import CHECKS, luhn
from asr.grammar.repair import repaired


def _with_luhn(digits: str) -> str:
    return next(f"{digits}{last}" for last in range(10) if luhn(f"{digits}{last}"))


numbers = st.text("0123456789", min_size=5, max_size=11).map(_with_luhn)


@given(number=numbers, place=st.integers(0, 11))
def test_a_lost_double_is_found_again(number: str, place: int) -> None:
    at = place % len(number)
    doubled = _with_luhn(number[:at] + number[at] + number[at:])
    heard = doubled[:at] + doubled[at + 1 :]
    if not luhn(heard):
        assert doubled in repaired([heard], luhn)


@given(number=numbers)
def test_what_comes_back_passes_the_check_and_there_is_little_of_it(number: str) -> None:
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    found = repaired([wrong], luhn)
    assert all(map(luhn, found))
    assert len(found) <= 8


def test_a_nine_that_was_a_five_is_put_right() -> None:
    assert "79927398713" in repaired(["79527398713"], luhn)


def test_each_kind_of_check_knows_its_numbers() -> None:
    assert CHECKS["luhn"]("79927398713")
    assert CHECKS["aba"]("021000021")
    assert CHECKS["mod97"]("3214282912345698765432161182")
    assert not CHECKS["mod97"]("3214282912345698765432161183")
    assert not any(CHECKS[kind]("") for kind in ("luhn", "aba", "mod97"))
