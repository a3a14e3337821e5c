"""What each process of a line takes of the machine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import anyio

from tests.load.lab import Lab

ME = "callers"


@dataclass(frozen=True, slots=True)
class Share:
    """Per cent of one core over the time that was watched, and resident memory at its end."""

    cpu_pct: float
    memory_kb: float


class Watch:
    """Watches from its making to `read`; children that live then are counted with their parents."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._processes = {name: _family(pid) for name, pid in pids.items()}
        self._began_s = anyio.current_time()
        self._before = {name: _cpu_s(family) for name, family in self._processes.items()}

    def spent_ms(self) -> dict[str, float]:
        """The processor time until now; unlike shares it does not depend on what else the machine does."""
        return {
            name: 1000 * (_cpu_s(family) - self._before[name]) for name, family in self._processes.items()
        }

    def read(self) -> dict[str, Share]:
        """The shares until now."""
        spent_s = max(anyio.current_time() - self._began_s, 0.001)
        return {
            name: Share(100 * (_cpu_s(family) - self._before[name]) / spent_s, _memory_kb(family))
            for name, family in self._processes.items()
        }


def processes(lab: Lab, sipp: int | None = None) -> dict[str, int]:
    """The numbers of a line's processes; `callers` is this process, which reads and types for them."""
    line = lab.line
    assert line.controller is not None
    pids = {
        "asterisk": line.asterisk.pid,
        "controller": line.controller.pid,
        "postgres": line.postgres.pid,
        "sandbox": line.sandbox.pid,
        ME: os.getpid(),
    }
    return pids if sipp is None else pids | {"sipp": sipp}


def _family(pid: int) -> list[int]:
    if pid == os.getpid():
        return [pid]  # the others are our children, and stand on their own
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _cpu_s(family: list[int]) -> float:
    return sum(_ticks(pid) for pid in family) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    # user, system, and the same of children that have ended (the voice's programs); proc_pid_stat(5)
    return sum(int(field) for field in fields[11:15])


def _memory_kb(family: list[int]) -> float:
    return sum(_pages(pid) for pid in family) * os.sysconf("SC_PAGE_SIZE") / 1024


def _pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except FileNotFoundError:
        return 0
