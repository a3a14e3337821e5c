"""CCAvenue's encryption: AES-128-CBC under the MD5 of the working key, with an IV that is always the same.

It hides and proves nothing: blocks can be changed and put together anew. So what a payer's browser carries
back is not read, and CCAvenue is asked instead, over TLS.
"""

import hashlib
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

_IV: Final = bytes(range(16))


def encrypted(text: str, working_key: str) -> str:
    """A text as hexadecimal digits."""
    padder = PKCS7(128).padder()
    whole = padder.update(text.encode()) + padder.finalize()
    machine = _cipher(working_key).encryptor()
    return (machine.update(whole) + machine.finalize()).hex()


def decrypted(digits: str, working_key: str) -> str:
    """What `encrypted` hid. Raises ValueError for anything else."""
    machine = _cipher(working_key).decryptor()
    whole = machine.update(bytes.fromhex(digits.strip())) + machine.finalize()
    unpadder = PKCS7(128).unpadder()
    return (unpadder.update(whole) + unpadder.finalize()).decode()


def _cipher(working_key: str) -> Cipher[modes.CBC]:
    key = hashlib.md5(working_key.encode(), usedforsecurity=False).digest()  # as CCAvenue has it
    return Cipher(algorithms.AES(key), modes.CBC(_IV))
