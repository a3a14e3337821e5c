"""The doctor tells whether others may read the memory that cards pass through."""

import subprocess
import sys

import pytest

ASKED = """
import sys
from node.doctor.machine import look
from node.settings import LineSettings
line = LineSettings(readable_memory=sys.argv[1] == "readable")
[found] = [one for one in look(line) if one.what == "memory"]
print(found.verdict.value, found.saw, found.mend)
"""


@pytest.mark.parametrize(
    ("memory", "told"),
    [
        ("closed", "fine closed to other programs and debuggers"),
        ("readable", "doubtful any program of the line's user may read cards in it"),
    ],
)
def test_memory_that_others_may_read_is_told_with_what_to_do(memory: str, told: str) -> None:
    argv = [sys.executable, "-c", ASKED, memory]
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    assert said.startswith(told)
    assert ("line.readable_memory" in said) is (memory == "readable")
