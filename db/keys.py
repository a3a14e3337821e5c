"""Sealing: AES-256-GCM with a data key for each person, and the master that wraps data keys."""

import secrets
from dataclasses import dataclass, field
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import BadInput, TellerlineError

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_VERSION: Final = b"\x01"


class CannotOpen(TellerlineError):
    """A sealed value does not open: another key, another place, or it was changed."""


class MasterLost(BadInput):
    """The master key that wraps a data key is not here."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as it is written down: `master` names the key that wraps it."""

    master: str
    bytes: bytes = field(repr=False)


class Master(Protocol):
    """Wraps data keys; its own keys never leave it. Any number of older ones still unwrap."""

    @property
    def current(self) -> str:
        """The name of the key that wraps from now on."""
        ...

    def wrap(self, data_key: bytes, subject: str) -> Wrapped:
        """Wrap a data key for its subject, which is authenticated with it."""
        ...

    def unwrap(self, wrapped: Wrapped, subject: str) -> bytes:
        """The data key. Raises MasterLost without that master key, CannotOpen for another subject."""
        ...

    def renew(self) -> str:
        """Make a new key that wraps from now on; its name."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: a value that was moved elsewhere does not open."""

    table: str
    column: str
    row: str

    @property
    def aad(self) -> bytes:
        """What is authenticated along with the value."""
        return f"{self.table}.{self.column}:{self.row}".encode()


class DataKey:
    """One person's key."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, text: str, place: Place) -> bytes:
        """The text, sealed for its place; never the same bytes twice."""
        return _VERSION + encrypt(self._aead, text.encode(), place.aad)

    def open(self, sealed: bytes, place: Place) -> str:
        """The text. Raises CannotOpen."""
        if sealed[:1] != _VERSION:
            raise CannotOpen(f"{place.table}.{place.column} of {place.row} is sealed in a way not known here")
        return decrypt(self._aead, sealed[1:], place.aad).decode()


def new_key() -> bytes:
    """256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def encrypt(aead: AESGCM, data: bytes, aad: bytes) -> bytes:
    """A random nonce of 96 bits, then the ciphertext with its tag (NIST SP 800-38D)."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + aead.encrypt(nonce, data, aad)


def decrypt(aead: AESGCM, sealed: bytes, aad: bytes) -> bytes:
    """What was encrypted. Raises CannotOpen."""
    try:
        return aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], aad)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"the sealed value of {aad.decode('utf-8', 'replace')} does not open") from error
