"""How this machine's own programs reach the API: its address, and the operator's key."""

import ssl
from pathlib import Path
from typing import Final

from core.certificate import Certificate, certificate_in
from node.own_key import own_key
from node.settings import ApiSettings, Settings

SELF_MADE: Final = "self-made"
_FILE: Final = "api.key"


def operator_key(settings: Settings) -> str:
    """The key that may do everything: the one in the settings, or one that was made in `line.data`."""
    return settings.api.key or own_key(settings.line.data / _FILE).hex()


def api_url(settings: ApiSettings) -> str:
    """Where the API listens."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if settings.certificate else 'http'}://{host}:{settings.port}"


def self_made(settings: Settings) -> Certificate:
    """The certificate that is made where there is none; browsers warn of it, programs trust its authority."""
    return certificate_in(settings.line.data / "tls", "Tellerline self-made authority")


def trusted(settings: Settings) -> ssl.SSLContext:
    """What a program on this machine trusts: the self-made authority too, where that is used."""
    if settings.api.certificate == SELF_MADE:
        return ssl.create_default_context(cafile=self_made(settings).authority)
    return ssl.create_default_context()


def files_of(settings: Settings) -> tuple[Path, Path] | None:
    """The certificate's chain and key; None for plain HTTP."""
    if settings.api.certificate == SELF_MADE:
        made = self_made(settings)
        return made.chain, made.key
    api = settings.api
    return (Path(api.certificate), Path(api.private_key)) if api.certificate else None
