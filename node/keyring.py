"""The master key that the settings name: a PKCS#11 module's, or a file's; none where nothing is sealed."""

from pathlib import Path

from core.clock import SystemClock
from core.errors import BadInput
from db.keys import Master
from db.keys_file import MasterFile
from db.people import People
from node.settings import Settings


def master_of(settings: Settings) -> Master:
    """The master key; a file that is not there yet is made, with a new key."""
    keys = settings.keys
    if keys.pkcs11_module:
        from db.keys_pkcs11 import MasterModule  # noqa: PLC0415 - loads the module's own library

        if not keys.pkcs11_token or not keys.pkcs11_pin:
            raise BadInput("keys.pkcs11_module is set: keys.pkcs11_token and keys.pkcs11_pin must be, too")
        return MasterModule(Path(keys.pkcs11_module), keys.pkcs11_token, keys.pkcs11_pin, keys.pkcs11_label)
    return MasterFile.made_at(Path(keys.file) if keys.file else settings.line.data / "master.key")


def people_of(settings: Settings) -> People | None:
    """What seals people's names and numbers; None where the settings say that nothing is sealed."""
    return People(master_of(settings), SystemClock()) if settings.keys.seal else None
