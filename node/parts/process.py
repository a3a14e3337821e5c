"""A server process that is ours: started in the background, found again after we died, ended for certain."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import anyio
import anyio.abc

from node.parts.errors import NotStarted

_POLL_S = 0.02


class Server:
    """One running server, its words going to a file."""

    def __init__(self, process: anyio.abc.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.returncode is None

    async def ended(self) -> int:
        """Wait until it ends; its exit code, negative when a signal ended it."""
        return await self._process.wait()

    async def kill(self) -> None:
        """End it at once (SIGKILL), and wait until it is gone."""
        if self.alive:
            self._process.kill()
        with anyio.CancelScope(shield=True):
            await self._process.wait()

    async def leave(self, timeout_s: float, ask: signal.Signals | None = None) -> None:
        """Send `ask` if given, wait until it ends by itself, and end it when it does not."""
        if ask is not None and self.alive:
            self._process.send_signal(ask)
        with anyio.move_on_after(timeout_s):
            await self._process.wait()
        await self.kill()


async def launch(argv: Sequence[str], words: Path, environment: Mapping[str, str] | None = None) -> Server:
    """Start a server whose output is added to the file `words`.

    It gets a session of its own: Ctrl-C in our terminal reaches us alone, so that we can end our calls first.
    """
    words.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        process = await anyio.open_process(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=environment,
            start_new_session=True,
        )
    except OSError as problem:
        raise NotStarted(f"cannot run {argv[0]}: {problem}") from problem
    finally:
        os.close(file)
    return Server(process)


async def end_orphan(pid_file: Path, mark: Path, ask: signal.Signals, timeout_s: float = 10.0) -> int | None:
    """End the server that an earlier process of ours left behind; its number, or None when there was none.

    The file may be stale and its number given to another process since: only one whose command names `mark`
    is ended.
    """
    pid = _pid(pid_file)
    if pid is None or not _is(pid, mark):
        return None
    os.kill(pid, ask)
    with anyio.move_on_after(timeout_s):
        await _gone(pid, mark)
    if _is(pid, mark):
        os.kill(pid, signal.SIGKILL)
        await _gone(pid, mark)
    return pid


def last_words(files: Sequence[Path], lines: int = 12) -> str:
    """The ends of logs, for the message of an error."""
    said = [
        line
        for file in files
        if file.is_file()
        for line in file.read_text(errors="replace").splitlines()[-lines:]
    ]
    return "\n".join(f"  {line}" for line in said) or "  (it said nothing)"


def _pid(file: Path) -> int | None:
    try:
        return int(file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


async def _gone(pid: int, mark: Path) -> None:
    while _is(pid, mark):  # noqa: ASYNC110 - a process that is not our child tells nobody of its end
        await anyio.sleep(_POLL_S)


def _is(pid: int, mark: Path) -> bool:
    try:
        return os.fsencode(mark) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
