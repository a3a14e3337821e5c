"""Folders for Unix sockets, whose paths the kernel keeps to 107 bytes (unix(7))."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from node.parts.errors import NotStarted

_LONGEST = 107


def socket_folder(wanted: Path, socket: str, owner: int | None = None) -> Path:
    """`wanted` itself, made if need be, or a short stand-in when `wanted/socket` were too long a path.

    The stand-in is below the machine's folder for temporary files, is always the same one for the same
    `wanted`, and is open to its owner only. It is the one thing that the parts ever write outside of the
    folder they were given. `owner` is the user of the server that will listen there, when that is not this
    process's own.
    """
    owner = os.geteuid() if owner is None else owner
    if len(os.fsencode(wanted / socket)) <= _LONGEST:
        wanted.mkdir(parents=True, exist_ok=True)
        folder = wanted
    else:
        folder = _stand_in(wanted, owner)
    if folder.stat().st_uid != owner:
        os.chown(folder, owner, -1)
    return folder


def leave(folder: Path, wanted: Path) -> None:
    """Remove the stand-in that `socket_folder` gave for `wanted`, if it was one."""
    if folder != wanted:
        shutil.rmtree(folder, ignore_errors=True)


def _stand_in(wanted: Path, owner: int) -> Path:
    short = hashlib.sha256(os.fsencode(wanted.resolve())).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"tellerline-{short}"
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    # anyone may make folders there: one that somebody else made in our place is a trap
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {os.geteuid(), owner}:
        raise NotStarted(
            f"{folder} belongs to someone else: remove it, or keep Tellerline under a shorter path"
        )
    return folder
