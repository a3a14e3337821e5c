"""What a browser fetches before the dashboard's first page can be used: `web.first_bundle_kb`."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from api import site
from tests.load.figure import Figure
from tests.load.trial import Tell

_FIRST = ("index.html", "src/pages/sign-in/SignIn.tsx")  # live calls come with the document
_FONT = "inter-latin-wght-normal"  # browsers fetch the alphabets that a page shows
_MOST_KB, _AIM_KB = 400, 250


async def bundle(_folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """The document, its code and styles, those of signing in and of live calls, gzipped, and the font."""
    tell("weighing the dashboard", 0.0)
    built = site.built()
    assert built is not None, "the dashboard is not built: run `make web`"
    manifest: dict[str, dict[str, Any]] = json.loads((built / ".vite" / "manifest.json").read_text())
    files = {file for name in _FIRST for file in _needed(manifest, name)}
    fonts = [path for path in (built / "assets").iterdir() if path.name.startswith(_FONT)]
    first = sum(_packed(built / file) for file in files) + sum(path.stat().st_size for path in fonts)
    code = [path for path in (built / "assets").iterdir() if path.suffix in {".js", ".css"}]
    whole = sum(_packed(path) for path in code)
    console.print(f"  {len(files)} files and a font of {sum(p.stat().st_size for p in fonts) / 1e3:.0f} kB")
    name, of = "web.first_bundle_kb", "all code and styles"
    return [Figure(name, round(first / 1e3, 1), "kB", round(whole / 1e3, 1), of, _MOST_KB, _AIM_KB)]


def _needed(manifest: dict[str, dict[str, Any]], name: str) -> Iterator[str]:
    """A chunk's file, its styles, and what it imports before it runs."""
    chunk = manifest[name]
    yield from (chunk["file"], *chunk.get("css", ()))
    for other in chunk.get("imports", ()):
        yield from _needed(manifest, other)


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))
