"""A key of this node's own: made once, in a file that only its owner may read."""

import os
import secrets
from pathlib import Path
from typing import Final

BYTES: Final = 32


def own_key(file: Path) -> bytes:
    """The key in the file, which is made with 32 random bytes where there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        place = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(file.read_text().strip())
    with os.fdopen(place, "w") as out:
        key = secrets.token_bytes(BYTES)
        out.write(key.hex() + "\n")
    return key
