"""Every configuration that was ever applied: a numbered folder each, one of them current.

ETC/generations/7/...           the files themselves
ETC/current -> generations/7    switched in one step
ETC/pjsip.conf -> current/pjsip.conf, and so on, so that ETC is what Asterisk reads (`astetcdir`)
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.errors import BadInput, Refused
from dialplan.check import write

_CURRENT = "current"
_FOLDER = "generations"


class Generations:
    """The generations of one folder; the last `keep` of them stay."""

    def __init__(self, etc: Path, keep: int = 10) -> None:
        self._etc = etc.absolute()
        self._folder = self._etc / _FOLDER
        self._keep = max(keep, 2)

    @property
    def etc(self) -> Path:
        """The folder that Asterisk reads."""
        return self._etc

    @property
    def current(self) -> int | None:
        """The number of the one in use; None before the first."""
        link = self._etc / _CURRENT
        return int(link.readlink().name) if link.is_symlink() else None

    def before(self, number: int) -> int | None:
        """The one before that number, of those that are kept."""
        return max((other for other in self._numbers() if other < number), default=None)

    def files(self, number: int | None) -> dict[str, str]:
        """The files of a generation, by name; none for None."""
        if number is None:
            return {}
        folder = self._folder / str(number)
        found = (file for file in sorted(folder.rglob("*")) if file.is_file())
        return {str(file.relative_to(folder)): file.read_text(encoding="utf-8") for file in found}

    def add(self, files: Mapping[str, str]) -> int:
        """Write a new generation, whole or not at all, and return its number; it is not current yet."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        number = max(self._numbers(), default=0) + 1
        new = Path(tempfile.mkdtemp(prefix=".new-", dir=self._folder))
        try:
            write(new, files)
            _like_its_home(self._etc, new)
            new.rename(self._folder / str(number))
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        return number

    def switch(self, number: int) -> None:
        """Make a generation the current one. Raises BadInput where a file of somebody else is in the way."""
        names = sorted({Path(name).parts[0] for name in self.files(number)})
        self._refuse_foreign(names)
        _link(self._etc / _CURRENT, f"{_FOLDER}/{number}")
        for name in names:
            _link(self._etc / name, f"{_CURRENT}/{name}")
        self._unlink_all_but(names)

    def clear(self) -> None:
        """Make none the current one."""
        self._unlink_all_but([])
        (self._etc / _CURRENT).unlink(missing_ok=True)

    def drop(self, number: int) -> None:
        """Forget a generation that was never good."""
        shutil.rmtree(self._folder / str(number))

    def prune(self) -> None:
        """Forget the oldest, but never the current one."""
        for number in sorted(self._numbers())[: -self._keep]:
            if number != self.current:
                self.drop(number)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else change the folder meanwhile; raises Refused when somebody does."""
        self._etc.mkdir(parents=True, exist_ok=True, mode=0o750)
        with (self._etc / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(
                    f"{self._etc} is being changed by another process: try again when it is done"
                ) from None
            yield

    def _numbers(self) -> list[int]:
        if not self._folder.is_dir():
            return []
        return [int(folder.name) for folder in self._folder.iterdir() if folder.name.isdecimal()]

    def _unlink_all_but(self, names: list[str]) -> None:
        for link in self._etc.iterdir():
            if (
                link.is_symlink()
                and str(link.readlink()).startswith(f"{_CURRENT}/")
                and link.name not in names
            ):
                link.unlink()

    def _refuse_foreign(self, names: list[str]) -> None:
        foreign = [
            name for name in names if (self._etc / name).exists() and not (self._etc / name).is_symlink()
        ]
        if foreign:
            raise BadInput(
                f"{self._etc} holds files of somebody else: {', '.join(foreign)}. Move them away, or give "
                "another folder with --etc and name that one as `astetcdir` in asterisk.conf"
            )


def _link(link: Path, target: str) -> None:
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)


def _like_its_home(home: Path, folder: Path) -> None:
    folder.chmod(0o750)
    if os.geteuid() != 0:
        return
    owner = home.stat()  # Asterisk often runs as a user of its own, to whom its folder belongs
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
