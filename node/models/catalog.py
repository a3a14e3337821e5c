"""Which models are known, and where their makers publish them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import BadInput

_FILE: Final = Path(__file__).parent / "catalog.toml"
SET: Final = ("silero-vad", "vosk-model-small-en-us-0.15")  # what an English line needs to hear


@dataclass(frozen=True, slots=True)
class Model:
    """One model; `files` are addresses by the names that they get here, a lone `.zip` is unpacked."""

    name: str
    what: str
    language: str
    licence: str
    mb: int
    files: Mapping[str, str]
    sha256: str = ""


def catalog(file: Path = _FILE) -> dict[str, Model]:
    """All known models, by name."""
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        name: Model(
            name,
            one["what"],
            one["language"],
            one["licence"],
            one["mb"],
            one.get("files") or {url.rsplit("/", 1)[-1]: url for url in one["from"]},
            one.get("sha256", ""),
        )
        for name, one in read.items()
    }


def named(name: str, known: dict[str, Model]) -> Model:
    """The model of that name; BadInput names those that there are."""
    try:
        return known[name]
    except KeyError:
        raise BadInput(f"no model is called {name!r}; known are: {', '.join(sorted(known))}") from None
