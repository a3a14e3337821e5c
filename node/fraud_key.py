"""The key of fingerprints: the one in the settings, or one of this node's own, made once."""

from pathlib import Path
from typing import Final

from core.errors import BadInput
from node.own_key import BYTES, own_key

_FILE: Final = "fraud.key"


def fraud_key(written: str, data: Path) -> bytes:
    """At least 32 bytes. Nodes that share a database need the same: `written`, as hex digits.

    Raises BadInput for one that is too short or no hex.
    """
    if not written:
        return own_key(data / _FILE)
    try:
        key = bytes.fromhex(written)
    except ValueError:
        raise BadInput("fraud.key is not made of hex digits: make one with `openssl rand -hex 32`") from None
    if len(key) < BYTES:
        raise BadInput(f"fraud.key has {len(key)} bytes, and needs {BYTES}: `openssl rand -hex 32` makes one")
    return key
