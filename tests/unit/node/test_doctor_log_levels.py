"""The doctor tells when Asterisk's log would hold keys."""

import pytest

from node.doctor.finding import Verdict
from node.doctor.log_levels import log_levels


@pytest.mark.parametrize(
    ("configuration", "verdict"),
    [
        ("NOTICE WARNING ERROR ", Verdict.FINE),
        ("NOTICE WARNING ERROR VERBOSE ", Verdict.DOUBTFUL),
        ("DEBUG NOTICE WARNING ERROR VERBOSE ", Verdict.DOUBTFUL),
        ("DEBUG NOTICE WARNING ERROR DTMF ", Verdict.BROKEN),
    ],
)
def test_levels_that_write_keys_are_told(configuration: str, verdict: Verdict) -> None:
    console = {"channel": "", "type": "Console", "status": "Enabled", "configuration": "NOTICE WARNING "}
    file = {"channel": "/var/log/asterisk/full", "type": "File", "configuration": configuration}
    finding = log_levels([console, file])
    assert finding.verdict is verdict
    assert ("full" in finding.saw) == (verdict is not Verdict.FINE)
