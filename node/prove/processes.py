"""Arguments and environment of running processes (proc(5)), which anybody on the machine may see."""

from pathlib import Path

import anyio

_LOOK_S = 0.1


class Processes:
    """Arguments and environment of all that descends from `ancestor`, looked at ten times a second."""

    def __init__(self, ancestor: int, proc: Path = Path("/proc")) -> None:
        self._ancestor, self._proc = ancestor, proc
        self.seen: dict[bytes, str] = {}  # all that was ever seen, and of whom
        self.refused: set[str] = set()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await anyio.to_thread.run_sync(self.look)
            await anyio.sleep(_LOOK_S)

    def look(self) -> None:
        """Look once."""
        for pid in self._descendants():
            try:
                arguments = (self._proc / pid / "cmdline").read_bytes()
                environment = (self._proc / pid / "environ").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended
            except PermissionError:
                self.refused.add(pid)
                continue
            if arguments:
                name = arguments.partition(b"\0")[0].decode(errors="replace").rpartition("/")[2]
                self.seen[arguments + b"\n" + environment] = f"{name}, process {pid}"

    def _descendants(self) -> set[str]:
        parents = dict(self._parents())
        ours = {str(self._ancestor)}
        while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
            ours |= more
        return ours - {str(self._ancestor)}

    def _parents(self) -> "list[tuple[str, str]]":
        found: list[tuple[str, str]] = []
        for entry in self._proc.iterdir():
            if entry.name.isdigit():
                try:
                    status = (entry / "stat").read_text()
                except (FileNotFoundError, ProcessLookupError):
                    continue
                found.append((entry.name, status.rpartition(")")[2].split()[1]))
        return found
