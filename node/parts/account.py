"""The user that a server runs as when we are root, for servers that refuse to be root (PostgreSQL)."""

import os
import pwd
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from node.parts.errors import NotStarted

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine, and how to run a command as it."""

    name: str
    uid: int
    gid: int

    def argv(self, command: Sequence[str], needs: Sequence[Path]) -> list[str]:
        """The command, run as this user, able to reach the paths that it needs.

        When a folder above one of them is closed to the user, such as /root, the command keeps one right of
        root, to pass closed folders; the modes of those folders are not touched.
        """
        if self.uid == os.geteuid():
            return list(command)
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise NotStarted(f"to run {command[0]} as {self.name} there must be setpriv: install util-linux")
        become = [setpriv, f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if not all(self._reaches(path) for path in needs):
            become += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        return [*become, "--", *command]

    def own(self, folder: Path) -> None:
        """Make a folder that belongs to this user and that nobody else can read."""
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if folder.stat().st_uid != self.uid:
            os.chown(folder, self.uid, self.gid)

    def _reaches(self, path: Path) -> bool:
        return all(self._may_pass(step.stat()) for step in [path, *path.parents])

    def _may_pass(self, facts: os.stat_result) -> bool:
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & stat.S_IXUSR)
        return bool(facts.st_mode & stat.S_IXOTH)


def server_account(data: Path) -> Account:
    """Ourselves, or as root the owner of `data` if it is there already, else `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    if data.exists() and data.stat().st_uid != 0:
        return _account(pwd.getpwuid(data.stat().st_uid))
    for name in _CANDIDATES:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise NotStarted("PostgreSQL refuses to be root, and this machine has no user postgres or nobody")


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
