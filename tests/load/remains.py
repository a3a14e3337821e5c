"""What a bench that was killed (SIGKILL, a power cut of the session) left running below its folders."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import anyio.to_thread
import psutil

_GRACE_S: Final = 10.0


async def end_remains(folders: Iterable[Path]) -> list[int]:
    """End every process that was started with a path in one of these folders; their numbers."""
    return await anyio.to_thread.run_sync(_ended, [f"{folder.absolute()}/" for folder in folders])


def _ended(folders: list[str]) -> list[int]:
    found = [process for process in psutil.process_iter() if _works_in(process, folders)]
    for process in found:
        _ask(process)
    _, stubborn = psutil.wait_procs(found, timeout=_GRACE_S)
    for process in stubborn:
        process.kill()
    return [process.pid for process in found]


def _ask(process: psutil.Process) -> None:
    try:
        process.terminate()
    except psutil.NoSuchProcess:
        return  # it went with its parent


def _works_in(process: psutil.Process, folders: list[str]) -> bool:
    try:
        words = process.cmdline()
    except psutil.Error:
        return False
    return any(folder in word for word in words for folder in folders)
