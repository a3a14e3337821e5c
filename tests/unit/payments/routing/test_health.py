"""Breakers and the outage gate: who is left alone, and when it is asked again."""

from datetime import datetime, timedelta

from payments.purchase import Operation
from payments.routing.breaker import Breaker, Tolerance
from payments.routing.gate import Gate, Outage
from payments.routing.health import Health
from payments.routing.observed import Result
from tests.unit.payments.routing.purchases import NOON, observed


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def broken(times: int) -> Breaker:
    breaker = Breaker(Tolerance(failures=3, open_s=30, longest_s=100))
    for _ in range(times):
        breaker.note(NOON, broken=True)
    return breaker


def test_a_breaker_opens_after_so_many_failures_in_a_row() -> None:
    assert broken(2).open_until(NOON) is None
    assert broken(3).open_until(NOON) == after(30)


def test_one_success_in_between_starts_the_count_anew() -> None:
    breaker = broken(2)
    breaker.note(NOON, broken=False)
    breaker.note(NOON, broken=True)
    assert breaker.open_until(NOON) is None


def test_after_its_time_it_is_tried_by_one_only() -> None:
    breaker = broken(3)
    assert breaker.open_until(after(30)) is None
    breaker.tried(after(30))
    assert breaker.open_until(after(30)) == after(60)


def test_a_trial_that_fails_doubles_the_time_up_to_the_longest() -> None:
    breaker = broken(4)
    assert breaker.open_until(NOON) == after(60)
    assert broken(9).open_until(NOON) == after(100)


def test_a_trial_that_works_closes_it() -> None:
    breaker = broken(9)
    breaker.note(after(100), broken=False)
    assert breaker.open_until(after(100)) is None


def test_the_gate_shuts_when_too_many_of_the_last_answers_broke() -> None:
    gate = Gate(Outage(broken=0.4, few=10, of=20, within_s=60))
    for number in range(10):
        gate.note(NOON, broken=number % 5 < 2)
        assert bool(gate.shut(NOON)) is (number == 9)
    assert gate.shut(NOON) == "outage: 4 of its last 10 answers broke"


def test_the_gate_opens_by_itself_once_the_answers_are_old() -> None:
    gate = Gate(Outage(few=2, within_s=60))
    gate.note(NOON, broken=True)
    gate.note(NOON, broken=True)
    assert gate.shut(after(60))
    assert not gate.shut(after(61))


def test_each_operation_has_a_breaker_of_its_own() -> None:
    health = Health(Tolerance(failures=2), Outage())
    for _ in range(2):
        health.note(observed("alder", Result.BROKEN, operation=Operation.REFUND))
    assert health.ill("alder", [Operation.PURCHASE], NOON) == ""
    assert "refund failed several times" in health.ill("alder", [Operation.REFUND], NOON)


def test_a_refusal_of_the_bank_is_no_failure_of_the_gateway() -> None:
    health = Health(Tolerance(failures=1), Outage(few=1))
    health.note(observed("alder", Result.REFUSED))
    assert health.ill("alder", [Operation.PURCHASE], NOON) == ""
