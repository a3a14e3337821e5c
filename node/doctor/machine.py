"""The machine itself: Python, the clock, memory, disk, open files."""

import platform
import resource
import shutil
import time
from pathlib import Path

from core.secret import Secret
from node.doctor.finding import Finding, broken, doubtful, fine
from node.settings import LineSettings
from node.undumped import close_memory, is_closed, ptrace_scope

_RELEASED = 1_767_225_600  # 2026-01-01: a clock before this release's year is surely wrong
_FREE_GB = 2
_FILES = 4096


def look(line: LineSettings) -> list[Finding]:
    """Everything that needs no other program."""
    return [_python(), _clock(), _locked_memory(), _closed_memory(line), _disk(line.data), _files()]


def _python() -> Finding:
    saw = platform.python_version()
    return fine("python", saw)


def _clock() -> Finding:
    saw = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    if time.time() < _RELEASED:
        return broken("clock", saw, "set the time, or start a time service: timedatectl set-ntp true")
    return fine("clock", saw)


def _locked_memory() -> Finding:
    try:
        Secret(1).close()
    except OSError as error:
        return broken(
            "locked memory", error.strerror or str(error), "ulimit -l 65536, or LimitMEMLOCK=64M in the unit"
        )
    return fine("locked memory", "card data can be kept out of swap and core dumps")


def _closed_memory(line: LineSettings) -> Finding:
    """Tried on the doctor's own process, which has nothing to hide."""
    scope = ptrace_scope()
    yama = "" if scope is None else f"; kernel.yama.ptrace_scope is {scope}"
    if line.readable_memory:
        saw = f"any program of the line's user may read cards in it{yama}"
        return doubtful("memory", saw, "set line.readable_memory to false once you are done with it")
    close_memory()
    if not is_closed():
        saw = f"this kernel leaves it open to every program of the line's user{yama}"
        return doubtful("memory", saw, "give the line a user of its own; set kernel.yama.ptrace_scope to 2")
    return fine("memory", f"closed to other programs and debuggers, but for root's{yama}")


def _disk(data: Path) -> Finding:
    place = next(folder for folder in (data.absolute(), *data.absolute().parents) if folder.exists())
    free_gb = shutil.disk_usage(place).free / 1e9
    saw = f"{free_gb:.1f} GB free under {place}"
    if free_gb < _FREE_GB:
        return doubtful("disk", saw, "free some space, or set line.data to a larger disk")
    return fine("disk", saw)


def _files() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < _FILES:
        return doubtful("open files", f"at most {soft}", f"ulimit -n {_FILES}: each call holds a few")
    return fine("open files", f"at most {soft}")
