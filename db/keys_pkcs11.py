"""Master keys in a PKCS#11 module (an HSM, SoftHSM): they are made there and cannot be taken out."""

import secrets
from pathlib import Path
from threading import Lock
from typing import Any, Final

import pkcs11
from pkcs11.exceptions import PKCS11Error

from core.errors import BadInput, OutOfReach
from db.keys import CannotOpen, MasterLost, Wrapped

_NONCE_BYTES: Final = 12
_TAG_BITS: Final = 128


class HsmLost(OutOfReach):
    """The PKCS#11 module does not do what it is asked."""


class MasterModule:
    """AES-256 keys of one token, labelled `LABEL-1`, `LABEL-2` ...; the highest wraps."""

    def __init__(self, module: Path, token: str, pin: str, label: str) -> None:
        """Raises BadInput when the module cannot be loaded, has no such token, or refuses the PIN."""
        self._label, self._turn = label, Lock()
        self._keys: dict[str, Any] = {}
        try:
            self._session = pkcs11.lib(str(module)).get_token(token_label=token).open(rw=True, user_pin=pin)
        except (PKCS11Error, RuntimeError, OSError) as error:
            raise BadInput(
                f"the PKCS#11 module {module} opens no token {token!r} ({type(error).__name__}): "
                "look at keys.pkcs11_module, keys.pkcs11_token and keys.pkcs11_pin"
            ) from error
        self._find()
        if not self._keys:
            self.renew()

    @property
    def current(self) -> str:
        """The name of the key that wraps from now on."""
        with self._turn:
            self._find()
        return max(self._keys, key=_number)

    def wrap(self, data_key: bytes, subject: str) -> Wrapped:
        """Wrap a data key for its subject, inside the module."""
        name, nonce = max(self._keys, key=_number), secrets.token_bytes(_NONCE_BYTES)
        with self._turn:
            try:
                sealed = self._keys[name].encrypt(
                    data_key, mechanism=pkcs11.Mechanism.AES_GCM, mechanism_param=_params(nonce, subject)
                )
            except PKCS11Error as error:
                raise HsmLost(f"the PKCS#11 module does not wrap ({type(error).__name__})") from error
        return Wrapped(name, nonce + bytes(sealed))

    def unwrap(self, wrapped: Wrapped, subject: str) -> bytes:
        """The data key. Raises MasterLost without that master key, CannotOpen for another subject."""
        with self._turn:
            if wrapped.master not in self._keys:
                self._find()
            key = self._keys.get(wrapped.master)
            if key is None:
                raise MasterLost(
                    f"the token has no key {wrapped.master}: is it the one that was used before?"
                )
            nonce, sealed = wrapped.bytes[:_NONCE_BYTES], wrapped.bytes[_NONCE_BYTES:]
            try:
                opened: bytes = key.decrypt(
                    sealed, mechanism=pkcs11.Mechanism.AES_GCM, mechanism_param=_params(nonce, subject)
                )
            except (pkcs11.exceptions.EncryptedDataInvalid, pkcs11.exceptions.GeneralError) as error:
                raise CannotOpen(f"the data key of {subject} does not open") from error
            except PKCS11Error as error:
                raise HsmLost(f"the PKCS#11 module does not unwrap ({type(error).__name__})") from error
        return bytes(opened)

    def renew(self) -> str:
        """Make a new key in the token; its name."""
        with self._turn:
            self._find()
            name = f"{self._label}-{max(map(_number, self._keys), default=0) + 1}"
            self._session.generate_key(
                pkcs11.KeyType.AES,
                256,
                label=name,
                store=True,
                template={pkcs11.Attribute.EXTRACTABLE: False, pkcs11.Attribute.SENSITIVE: True},
            )
            self._find()
        return name

    def close(self) -> None:
        """Leave the token."""
        self._session.close()

    def _find(self) -> None:
        secret = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY}
        found: dict[str, Any] = {
            str(key[pkcs11.Attribute.LABEL]): key for key in self._session.get_objects(secret)
        }
        self._keys = {name: key for name, key in found.items() if name.startswith(f"{self._label}-")}


def _params(nonce: bytes, subject: str) -> Any:
    return pkcs11.GCMParams(nonce, subject.encode(), _TAG_BITS)


def _number(name: str) -> int:
    tail = name.rpartition("-")[2]
    return int(tail) if tail.isdigit() else 0
