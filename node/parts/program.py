"""An outside program: found on the machine or among the parts, and how to run it."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from node.parts.errors import PartMissing
from node.parts.folder import parts_root

MACHINE = Path("/")


class Part(StrEnum):
    """The programs that are brought, by their place in the root of the parts."""

    ASTERISK = "usr/sbin/asterisk"
    BARESIP = "usr/bin/baresip"
    ESPEAK_NG = "usr/bin/espeak-ng"
    SIPP = "usr/bin/sipp"


@dataclass(frozen=True, slots=True)
class Program:
    """A program inside a root: the machine's own, or a folder of unpacked packages."""

    root: Path
    path: str

    def argv(self, *arguments: str) -> list[str]:
        """The whole command.

        A program of an unpacked root is started by that root's own loader with that root's own libraries:
        those of the machine may be older. Nothing is put into the environment, so that programs which it
        starts in turn, such as a shell, stay the machine's.
        """
        file = str(self.root / self.path)
        if self.root == MACHINE:
            return [file, *arguments]
        loader = self._loader()
        # pulseaudio's common library has a folder of its own, and is asked for by everything that can sound
        folders = f"{loader.parent}:{loader.parent / 'pulseaudio'}"
        return [str(loader), "--library-path", folders, "--argv0", file, file, *arguments]

    def folder(self, *patterns: str) -> Path:
        """The first folder of the root that matches one of the patterns; raises PartMissing."""
        for pattern in patterns:
            for found in sorted(self.root.glob(pattern)):
                if found.is_dir():
                    return found
        raise PartMissing(f"{self.root / self.path} came without its folder {patterns[0]}")

    def _loader(self) -> Path:
        for loader in sorted(self.root.glob("usr/lib/*-linux-gnu*/ld-linux*.so.*")):
            return loader
        raise PartMissing(f"{self.root} holds no loader: fetch the parts again with `make parts`")


def find(part: Part, local: Path) -> Program:
    """The machine's own program where it serves, else the part in `local`; raises PartMissing."""
    if program := installed(part):
        return program
    root = parts_root(local)
    if (root / part).exists():
        return Program(root, part)
    raise PartMissing(
        f"there is no {Path(part).name} on this machine nor in {root}: bring it with `make parts` "
        "(python -m node.parts), or install it"
    )


def installed(part: Part, environment: Mapping[str, str] = os.environ) -> Program | None:
    """The machine's own program; an Asterisk only if it has chan_websocket (Asterisk 22.8 and later)."""
    # an ordinary user's PATH often leaves out the folders where servers live
    places = os.pathsep.join([environment.get("PATH", ""), "/usr/local/sbin", "/usr/sbin"])
    place = shutil.which(Path(part).name, path=places)
    if place is None:
        return None
    program = Program(MACHINE, place.lstrip("/"))
    if part is Part.ASTERISK and not _speaks_websocket(program):
        return None
    return program


def asterisk_modules(program: Program) -> Path:
    """Where an Asterisk keeps its modules (`astmoddir`)."""
    return program.folder(
        "usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules", "usr/lib64/asterisk/modules"
    )


def asterisk_data(program: Program) -> Path:
    """Where an Asterisk keeps its sounds and the descriptions that its modules need (`astdatadir`)."""
    return program.folder("usr/share/asterisk/documentation", "var/lib/asterisk/documentation").parent


def _speaks_websocket(program: Program) -> bool:
    try:
        return (asterisk_modules(program) / "chan_websocket.so").exists()
    except PartMissing:
        return False
