"""The memory of a running process, region by region (proc(5): /proc/PID/maps and /proc/PID/mem)."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from node.prove.places import Haystack

READS_CLOSED = 1 << 19
"""CAP_SYS_PTRACE (capabilities(7)): whoever has it reads memory that is closed to all others."""

LEFT_READABLE = "left readable"
"""What is said of memory that was searched by somebody who could not read it otherwise."""

_UNREADABLE = ("[vvar]", "[vvar_vclock]", "[vsyscall]")  # pages of the kernel's, which nobody can read so


def memory(pid: int, proc: Path = Path("/proc")) -> Iterator[Haystack]:
    """All that a process may read and write: a region each. Raises OSError when it has gone."""
    for line in (proc / str(pid) / "maps").read_text().splitlines():
        span, rights, *rest = line.split(maxsplit=5)
        name = rest[3] if len(rest) > 3 else "anonymous"
        if "r" not in rights or name in _UNREADABLE:
            continue
        begin, end = (int(edge, 16) for edge in span.split("-"))
        yield _region(proc / str(pid) / "mem", begin, end, f"{name} at {span}")


def reads_closed(proc: Path = Path("/proc")) -> bool:
    """Whether this process may read the memory of one that keeps it to itself, as root's may."""
    status = (proc / "self" / "status").read_text()
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))
    return bool(int(effective, 16) & READS_CLOSED)


def _region(mem: Path, begin: int, end: int, label: str) -> Haystack:
    @contextmanager
    def opened() -> Iterator[_Region]:
        with mem.open("rb", buffering=0) as file:
            file.seek(begin)
            yield _Region(file, end - begin)

    return Haystack(label, opened)


class _Region:
    """A stretch of a process's memory, read as it is asked for."""

    def __init__(self, mem: io.FileIO, size_bytes: int) -> None:
        self._mem, self._left = mem, size_bytes

    def read(self, size: int = -1, /) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._mem.read(wanted)
        if wanted and not data:
            raise OSError(f"{self._left} bytes of it could not be read")
        self._left -= len(data)
        return data
