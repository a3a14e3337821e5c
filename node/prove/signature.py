"""The signature under a report: Ed25519 (RFC 8032) over every byte before the line that holds it."""

import base64
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from core.errors import BadInput

_LINE = re.compile(r"\n<!-- signature: Ed25519 ([A-Za-z0-9+/=]{88}) -->\n\Z")
_PRIVATE, _PUBLIC = "key.pem", "key.pub.pem"


@dataclass(frozen=True, slots=True)
class Genuine:
    """The report is as it was signed."""


@dataclass(frozen=True, slots=True)
class NotGenuine:
    """It is not, and why."""

    why: str


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The key of this machine's reports: made at first, and kept in `folder` for its owner alone.

    Its public half lies beside it, to be given to whoever checks reports.
    """
    path = folder / _PRIVATE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        path.touch(mode=0o600)
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (folder / _PUBLIC).write_bytes(
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
    found = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, Ed25519PrivateKey):
        raise BadInput(f"{path} holds no Ed25519 key: move it away, and another is made")
    return found


def public_key(path: Path) -> Ed25519PublicKey:
    """The key that reports are checked with: a PEM file, or the folder that `signing_key` keeps it in."""
    file = path / _PUBLIC if path.is_dir() else path
    try:
        found = load_pem_public_key(file.read_bytes())
    except FileNotFoundError:
        raise BadInput(
            f"there is no {file}: name the public key of the machine that signed, with --key"
        ) from None
    except ValueError as problem:
        raise BadInput(f"{file} holds no public key: {problem}") from problem
    if not isinstance(found, Ed25519PublicKey):
        raise BadInput(f"{file} holds no Ed25519 key")
    return found


def fingerprint(key: Ed25519PublicKey) -> str:
    """The key itself in base64, by which people compare keys."""
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def signed(document: str, key: Ed25519PrivateKey) -> str:
    """A document with its signature as the last line."""
    text = document.rstrip("\n")
    signature = base64.b64encode(key.sign(text.encode())).decode()
    return f"{text}\n<!-- signature: Ed25519 {signature} -->\n"


def check(text: str, key: Ed25519PublicKey) -> Genuine | NotGenuine:
    """Whether a signed document is as the key's owner signed it."""
    found = _LINE.search(text)
    if found is None:
        return NotGenuine("it has no signature at its end")
    try:
        key.verify(base64.b64decode(found[1]), text[: found.start()].encode())
    except InvalidSignature:
        return NotGenuine("it was changed since it was signed, or another key signed it")
    return Genuine()
