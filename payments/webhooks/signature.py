"""Signatures of webhooks out, by Standard Webhooks 1.0.0: HMAC-SHA256 over id, time and body."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from core.errors import BadInput

_PREFIX: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """A secret to share with the receiver: `whsec_` and 32 random bytes in base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(keys: Sequence[str], message: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """The three headers of a message; one signature a secret, so that a secret can be changed in passing.

    Raises BadInput for what is no secret.
    """
    stamp = str(int(at.timestamp()))
    signed = b".".join((message.encode(), stamp.encode(), body))
    made = (hmac.digest(_bytes(key), signed, hashlib.sha256) for key in keys)
    return {
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in made),
    }


def _bytes(key: str) -> bytes:
    try:
        return base64.b64decode(key.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(
            "a webhook's secret is whsec_ followed by base64: rotate it to get a new one"
        ) from None
