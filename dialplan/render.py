"""From the exchange to Asterisk's files: a pure function, the same files for the same exchange."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from dialplan.exchange import Exchange
from dialplan.files import controller, ground, sound
from dialplan.files.extensions import extensions
from dialplan.files.modules import modules
from dialplan.files.pjsip import pjsip

_HEADER = (
    "; Written by `tellerline dialplan apply` from the admin's file: edit that one, this one is overwritten."
)
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_FILES: Mapping[str, Callable[[Exchange], list[str]]] = MappingProxyType(
    {
        "acl.conf": ground.acl,
        "ari.conf": controller.ari,
        "ccss.conf": ground.ccss,
        "cdr.conf": ground.cdr,
        "cel.conf": ground.cel,
        "chan_websocket.conf": controller.chan_websocket,
        "features.conf": ground.features,
        "http.conf": controller.http,
        "indications.conf": sound.indications,
        "logger.conf": ground.logger,
        "manager.conf": ground.manager,
        "modules.conf": modules,
        "musiconhold.conf": sound.musiconhold,
        "pjsip.conf": pjsip,
        "pjproject.conf": ground.pjproject,
        "queues.conf": sound.queues,
        "rtp.conf": sound.rtp,
        "stasis.conf": controller.stasis,
        "udptl.conf": ground.udptl,
        "websocket_client.conf": controller.websocket_client,
    }
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of extensions.conf that the admin wrote: where it lies, and its text."""

    path: Path
    text: str


def render(exchange: Exchange, fragments: Sequence[Fragment] = ()) -> dict[str, str]:
    """Asterisk's files by their names below its configuration folder.

    Fragments come along unchanged, as `fragments/01-name.conf`. The files hold passwords.
    Raises BadInput for a value that would not stay on its line.
    """
    files = {name: _text(lines(exchange)) for name, lines in _FILES.items()}
    pieces = {fragment_name(place, fragment): fragment.text for place, fragment in enumerate(fragments, 1)}
    unsigned = {**files, **pieces, "extensions.conf": _text(extensions(exchange, "", list(pieces)))}
    signed = _text(extensions(exchange, fingerprint(unsigned), list(pieces)))
    return dict(sorted({**unsigned, "extensions.conf": signed}.items()))


def fragment_name(place: int, fragment: Fragment) -> str:
    """The file that the fragment is rendered to; `place` counts from 1."""
    stem = "".join(
        char if char.isascii() and (char.isalnum() or char in "-_") else "_" for char in fragment.path.stem
    )
    return f"fragments/{place:02d}-{stem}.conf"


def fingerprint(files: Mapping[str, str]) -> str:
    """12 hexadecimal digits that differ between different files."""
    digest = hashlib.sha256()
    for name, text in sorted(files.items()):
        digest.update(f"{name}\0{len(text)}\0{text}".encode())
    return digest.hexdigest()[:12]


def _text(lines: Sequence[str]) -> str:
    return "\n".join([_HEADER, "", *lines]).rstrip("\n") + "\n"
