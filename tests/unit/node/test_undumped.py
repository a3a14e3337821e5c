"""The controller leaves no core dump, which would hold keys."""

import subprocess
import sys

ASKED = """
import resource
from pathlib import Path
from node.undumped import leave_no_core
print(resource.getrlimit(resource.RLIMIT_CORE), int(Path("/proc/self/coredump_filter").read_text(), 16))
leave_no_core()
print(resource.getrlimit(resource.RLIMIT_CORE), int(Path("/proc/self/coredump_filter").read_text(), 16))
"""


def test_no_memory_of_the_process_gets_into_a_core_dump() -> None:
    before, after = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert after == "(0, 0) 0"
    assert before != after
