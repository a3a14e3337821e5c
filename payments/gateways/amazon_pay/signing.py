"""Amazon Pay's signatures, AMZN-PAY-RSASSA-PSS-V2.

https://developer.amazon.com/docs/amazon-pay-api-v2/signing-requests.html
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

ALGORITHM: Final = "AMZN-PAY-RSASSA-PSS-V2"
_SALT_BYTES: Final = 32


def string_to_sign(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """What is signed of a request; `headers` are all that are signed, by names in any case."""
    lower = {name.lower(): text.strip() for name, text in headers.items()}
    lines = [f"{name}:{lower[name]}" for name in sorted(lower)]
    parts = [method, path, query, *lines, "", signed_names(headers), hashlib.sha256(body).hexdigest()]
    return f"{ALGORITHM}\n{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()}".encode()


def signed_names(headers: Mapping[str, str]) -> str:
    """The names of the headers that are signed, in their order."""
    return ";".join(sorted(name.lower() for name in headers))


def authorization(key: rsa.RSAPrivateKey, key_id: str, names: str, to_sign: bytes) -> str:
    """The header that carries the signature."""
    signature = key.sign(to_sign, _pss(), SHA256())
    written = base64.b64encode(signature).decode()
    return f"{ALGORITHM} PublicKeyId={key_id}, SignedHeaders={names}, Signature={written}"


def check(key: rsa.RSAPublicKey, signature: str, to_sign: bytes) -> None:
    """Raises InvalidSignature (cryptography's) or ValueError unless the key's other half signed it."""
    key.verify(base64.b64decode(signature, validate=True), to_sign, _pss(), SHA256())


def _pss() -> padding.PSS:
    return padding.PSS(padding.MGF1(SHA256()), _SALT_BYTES)
