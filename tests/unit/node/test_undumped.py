"""The controller keeps its memory to itself: no core dump, no debugger, no other program of its user."""

import subprocess
import sys

import pytest

from node.undumped import ptrace_scope

CORE = """
import resource
from pathlib import Path
from node.undumped import leave_no_core
print(resource.getrlimit(resource.RLIMIT_CORE), int(Path("/proc/self/coredump_filter").read_text(), 16))
leave_no_core()
print(resource.getrlimit(resource.RLIMIT_CORE), int(Path("/proc/self/coredump_filter").read_text(), 16))
"""

# An ordinary user starts a process and then tries to look into it: Yama lets one trace one's own children.
OTHER = """
import ctypes, os, signal, sys
from node.undumped import close_memory, is_closed
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
ATTACH, DETACH, SET_DUMPABLE = 16, 17, 4
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    libc.prctl(SET_DUMPABLE, 1, 0, 0, 0)  # the change of user closed it
ready, told = os.pipe()
if (pid := os.fork()) == 0:
    if sys.argv[1] == "closed":
        close_memory()
    os.write(told, b"c" if is_closed() else b"o")
    signal.pause()
state = os.read(ready, 1).decode()
try:
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        memory.seek(int(maps.readline().split("-")[0], 16))
        state += " read" if memory.read(4) else ""
except PermissionError:
    state += " unread"
if libc.ptrace(ATTACH, pid, None, None) == 0:
    os.waitpid(pid, 0)
    libc.ptrace(DETACH, pid, None, None)
    state += " traced"
os.kill(pid, signal.SIGKILL)
print(state)
"""

_YAMA = ptrace_scope() or 0


def _told(program: str, *arguments: str) -> str:
    argv = [sys.executable, "-c", program, *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def test_no_memory_of_the_process_gets_into_a_core_dump() -> None:
    before, after = _told(CORE).splitlines()
    assert after == "(0, 0) 0"
    assert before != after


@pytest.mark.skipif(_YAMA > 1, reason="this machine lets no ordinary user trace anything")
@pytest.mark.parametrize(("memory", "seen"), [("closed", "c unread"), ("open", "o read traced")])
def test_another_program_of_the_user_can_read_and_trace_it_only_where_it_is_open(
    memory: str, seen: str
) -> None:
    assert _told(OTHER, memory).strip() == seen
