"""The folder with the models: what lies in it, and whether it still is what was put there."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Final

from core.errors import BadInput

_SUMS: Final = "sums.json"  # file -> SHA-256, written when a model is put in place
_CHUNK: Final = 1 << 20
_LARGEST: Final = 8 << 30  # of an unpacked model


class Condition(Enum):
    """How a model is."""

    WHOLE = "whole"
    CHANGED = "changed since it was put here"
    UNCHECKED = "put here by hand, never checked"


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that is here; `wrong` names the files that are missing, new or different."""

    name: str
    condition: Condition
    mb: float
    wrong: tuple[str, ...] = ()


def installed(folder: Path) -> list[str]:
    """The names of the models that are here, sorted."""
    if not folder.is_dir():
        return []
    folders = (one.name for one in folder.iterdir() if one.is_dir())
    return sorted(name for name in folders if not name.startswith(".") and not name.endswith(".part"))


def verify(folder: Path, name: str) -> Installed:
    """Read every file of a model again. Raises BadInput when it is not here."""
    model = folder / name
    if not model.is_dir():
        raise BadInput(
            f"there is no model {name!r} in {folder}; `tellerline models list` shows what there is"
        )
    size = sum(file.stat().st_size for file in _files(model)) / 2**20
    if not (model / _SUMS).exists():
        return Installed(name, Condition.UNCHECKED, size)
    noted: dict[str, str] = json.loads((model / _SUMS).read_text())
    now = sums(model)
    wrong = tuple(sorted(file for file in noted.keys() | now.keys() if noted.get(file) != now.get(file)))
    return Installed(name, Condition.CHANGED if wrong else Condition.WHOLE, size, wrong)


def put(source: Path, folder: Path, name: str) -> None:
    """Put a folder or a zip file in place as a model, whole or not at all; one of that name is replaced."""
    part = folder / f"{name}.part"
    shutil.rmtree(part, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if source.is_dir():
            shutil.copytree(source, part)
        else:
            _unzip(source, part)
        (part / _SUMS).unlink(missing_ok=True)
        (part / _SUMS).write_text(json.dumps(sums(part), indent=1, sort_keys=True))
        shutil.rmtree(folder / name, ignore_errors=True)
        part.rename(folder / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def sums(model: Path) -> dict[str, str]:
    """The SHA-256 of each file below a folder."""
    return {file.relative_to(model).as_posix(): sha256(file) for file in _files(model)}


def sha256(file: Path) -> str:
    """A file's SHA-256 in hex."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _files(model: Path) -> Iterator[Path]:
    return (file for file in sorted(model.rglob("*")) if file.is_file() and file.name != _SUMS)


def _unzip(source: Path, part: Path) -> None:
    """Unpack; a folder that holds everything is left out. Raises BadInput for what is no decent archive."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > _LARGEST:
                raise BadInput(f"{source} holds more than {_LARGEST >> 30} GB: that is no model")
            paths = [_inside(entry.filename, source) for entry in entries]
            held = len({path[0] for path in paths}) == 1 and all(len(path) > 1 for path in paths)
            for entry, path in zip(entries, paths, strict=True):
                target = part.joinpath(*path[held:])
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as packed, target.open("wb") as file:
                    shutil.copyfileobj(packed, file, _CHUNK)
    except zipfile.BadZipFile as error:
        raise BadInput(f"{source} is no zip file, or a damaged one: {error}") from error


def _inside(name: str, source: Path) -> tuple[str, ...]:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise BadInput(f"{source} wants to write to {name}, outside of the model: it is not unpacked")
    return path.parts
