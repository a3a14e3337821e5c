"""A folder that one process at a time may use."""

import fcntl
import os
from pathlib import Path
from typing import Self

from node.parts.errors import StillRunning


class Claim:
    """Holds `folder` for this process until released; the kernel releases it when the process dies.

    Programs that we start do not inherit it: a program that outlives us leaves its folder free to be claimed.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "claim"
        self._file: int | None = None

    def take(self) -> None:
        """Hold the folder, or raise StillRunning with the process that does."""
        if self._file is not None:
            raise StillRunning(f"this process uses {self._path.parent} already")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 32).decode().strip() or "unknown"
            os.close(file)
            raise StillRunning(
                f"{self._path.parent} is in use by process {holder}: stop that one, or give another folder"
            ) from None
        os.truncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        self._file = file

    def release(self) -> None:
        """Let the folder go; without effect when it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
