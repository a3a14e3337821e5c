"""The doctor looks at the certificate, and at what signing in asks for."""

from pathlib import Path

import pytest

from core.certificate import certificate_in
from node.doctor.access import look
from node.doctor.finding import Verdict
from node.settings import ApiSettings, Settings


def _seen(**api: object) -> list[Verdict]:
    return [one.verdict for one in look(Settings(api=ApiSettings(**api)))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("api", "verdict"),
    [
        ({}, Verdict.FINE),
        ({"host": "0.0.0.0"}, Verdict.DOUBTFUL),
        ({"host": "0.0.0.0", "proxies": ("192.0.2.7",)}, Verdict.FINE),
        ({"certificate": "self-made"}, Verdict.DOUBTFUL),
        ({"certificate": "/nowhere/line.pem"}, Verdict.BROKEN),
    ],
    ids=str,
)
def test_how_people_reach_the_page_is_told(api: dict[str, object], verdict: Verdict) -> None:
    assert _seen(**api) == [verdict, Verdict.FINE]


def test_a_certificate_that_holds_is_fine(tmp_path: Path) -> None:
    assert _seen(certificate=str(certificate_in(tmp_path).chain))[0] is Verdict.FINE


def test_going_without_a_second_factor_is_told() -> None:
    assert _seen(second_factor=False)[1] is Verdict.DOUBTFUL
