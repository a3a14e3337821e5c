"""SIPp is asked for whole calls in a period, however few come in a second."""

import pytest

from tests.load.sipp import rate


@pytest.mark.parametrize("cps", [1 / 40, 0.3, 1.25, 2.0, 14.75, 20.0])
def test_sipp_places_as_many_calls_a_second_as_are_meant(cps: float) -> None:
    _, calls, _, period_ms = rate(cps)
    assert 1000 * int(calls) / int(period_ms) == pytest.approx(cps, rel=0.05)
