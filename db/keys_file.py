"""Master keys in a file that only its owner may read; the last one wraps, all unwrap."""

import base64
import json
import os
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import BadInput
from core.ids import new_id
from db.keys import KEY_BYTES, MasterLost, Wrapped, decrypt, encrypt, new_key

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class MasterFile:
    """A file of master keys, read again when it was changed: a running node follows a rotation."""

    def __init__(self, path: Path) -> None:
        """Raises BadInput when the file is not there, open to others, or no file of keys."""
        self._path = path
        self._read_at = 0
        self._keys: dict[str, AESGCM] = {}
        self._read()

    @classmethod
    def made_at(cls, path: Path) -> "MasterFile":
        """The file; it is made with a new key where there is none."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, [_entry()], new=True)
        return cls(path)

    @property
    def current(self) -> str:
        """The name of the key that wraps from now on."""
        self._follow()
        return next(reversed(self._keys))

    def wrap(self, data_key: bytes, subject: str) -> Wrapped:
        """Wrap a data key for its subject."""
        name = self.current
        return Wrapped(name, encrypt(self._keys[name], data_key, subject.encode()))

    def unwrap(self, wrapped: Wrapped, subject: str) -> bytes:
        """The data key. Raises MasterLost without that master key, CannotOpen for another subject."""
        if wrapped.master not in self._keys:
            self._follow()
        if wrapped.master not in self._keys:
            raise MasterLost(
                f"the master key {wrapped.master} is not in {self._path}: bring the file that was used before"
            )
        return decrypt(self._keys[wrapped.master], wrapped.bytes, subject.encode())

    def renew(self) -> str:
        """Add a new key at the end of the file; its name."""
        entries = _entries(self._path)
        entries.append(_entry())
        _write(self._path, entries)
        return self.current

    def forget(self, keep: frozenset[str]) -> list[str]:
        """Take keys out of the file that are neither in `keep` nor the current one; their names."""
        entries = _entries(self._path)
        kept = [one for one in entries if one["name"] in keep or one is entries[-1]]
        _write(self._path, kept)
        self._read()
        return [one["name"] for one in entries if one not in kept]

    def _follow(self) -> None:
        if self._path.stat().st_mtime_ns != self._read_at:
            self._read()

    def _read(self) -> None:
        try:
            facts = self._path.stat()
        except OSError as error:
            raise BadInput(f"the master keys cannot be read from {self._path}: {error.strerror}") from error
        if facts.st_mode & _OTHERS:
            raise BadInput(f"{self._path} is open to others than its owner: chmod 600 {self._path}")
        self._keys = {one["name"]: AESGCM(_key(one, self._path)) for one in _entries(self._path)}
        self._read_at = facts.st_mtime_ns


def _entry() -> dict[str, str]:
    key = base64.b64encode(new_key()).decode()
    return {"name": new_id("mk"), "made_at": datetime.now(UTC).isoformat(), "key": key}


def _entries(path: Path) -> list[dict[str, str]]:
    try:
        entries: list[dict[str, str]] = json.loads(path.read_text("utf-8"))["keys"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path} is no file of master keys ({type(error).__name__})") from error
    if not entries:
        raise BadInput(f"{path} has no master key")
    return entries


def _key(entry: dict[str, str], path: Path) -> bytes:
    try:
        key = base64.b64decode(entry["key"], validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise BadInput(f"the master key {entry['name']} in {path} has not {KEY_BYTES} bytes in base64")
    return key


def _write(path: Path, entries: list[dict[str, str]], *, new: bool = False) -> None:
    """Whole or not at all; `new` leaves a file alone that another process made meanwhile."""
    with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as whole:  # mode 0600
        json.dump({"keys": entries}, whole, indent=1)
        whole.flush()
        os.fsync(whole.fileno())
    written = Path(whole.name)
    if not new:
        written.replace(path)
        return
    with suppress(FileExistsError):
        path.hardlink_to(written)
    written.unlink()
