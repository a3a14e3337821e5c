"""The key of fingerprints: the one in the settings, or one of this node's own, made once."""

import os
import secrets
from pathlib import Path
from typing import Final

from core.errors import BadInput

_BYTES: Final = 32
_FILE: Final = "fraud.key"


def fraud_key(written: str, data: Path) -> bytes:
    """At least 32 bytes. Nodes that share a database need the same: `written`, as hex digits.

    Raises BadInput for one that is too short or no hex.
    """
    if not written:
        return _own(data / _FILE)
    try:
        key = bytes.fromhex(written)
    except ValueError:
        raise BadInput("fraud.key is not made of hex digits: make one with `openssl rand -hex 32`") from None
    if len(key) < _BYTES:
        raise BadInput(
            f"fraud.key has {len(key)} bytes, and needs {_BYTES}: `openssl rand -hex 32` makes one"
        )
    return key


def _own(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        place = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(file.read_text().strip())
    with os.fdopen(place, "w") as out:
        key = secrets.token_bytes(_BYTES)
        out.write(key.hex() + "\n")
    return key
