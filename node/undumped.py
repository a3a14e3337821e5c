"""Keeping this process's memory to itself, crashed or running: keys pass through it (PCI DSS 3.3.1)."""

import ctypes
import resource
from contextlib import suppress
from pathlib import Path
from typing import Final

_FILTER: Final = Path("/proc/self/coredump_filter")
_SCOPE: Final = Path("/proc/sys/kernel/yama/ptrace_scope")
_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_GET_DUMPABLE: Final = 3  # prctl(2)
_SET_DUMPABLE: Final = 4


def leave_no_core() -> None:
    """Write no core dump, of this process and those that it starts.

    A program that core dumps are piped to is not bound by the limit (core(5)): the filter keeps all mappings
    out of what it gets.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(FileNotFoundError, PermissionError):  # built without core dumps; closed already
        _FILTER.write_text("0x0")


def close_memory() -> None:
    """Let no process read this one's memory or trace it, but those with CAP_SYS_PTRACE: root (ptrace(2)).

    The kernel opens it again in a program that is started from here (execve), and would after a change of
    user: so this comes last, in the process that sees the keys. Its files in /proc are root's from then on.
    """
    _LIBC.prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def is_closed() -> bool:
    """Whether others of the same user are kept from this process's memory."""
    return bool(_LIBC.prctl(_GET_DUMPABLE, 0, 0, 0, 0) == 0)


def ptrace_scope() -> int | None:
    """How far the kernel lets users trace their processes (kernel.yama.ptrace_scope); None without Yama."""
    try:
        return int(_SCOPE.read_text())
    except (OSError, ValueError):
        return None
