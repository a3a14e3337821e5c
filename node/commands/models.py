"""`tellerline models`: what the line hears and speaks with; brought from its makers, or imported."""

import os
from pathlib import Path

import anyio
import click
from rich.console import Console
from rich.table import Column, Table

from core import log
from core.errors import BadInput
from node.bars import Bars
from node.models.catalog import SET, catalog, named
from node.models.folder import Condition, installed, put, verify
from node.models.pull import pull
from node.settings import read

_SETTINGS = click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")


@click.group(
    epilog="\b\nExamples:\n  tellerline models list\n  tellerline models pull\n"
    "  tellerline models pull faster-whisper-tiny.en en_US-ljspeech-medium\n"
    "  tellerline models import ./vosk-model-small-en-us-0.15.zip"
)
def models() -> None:
    """Models for hearing what callers say, for voices, and for what callers want."""
    log.configure("warning", "console")


@models.command("list", epilog="\b\nExample:\n  tellerline models list")
@_SETTINGS
def list_(file: Path | None) -> None:
    """Show which models are known, and which are here."""
    folder = _folder(file)
    here, known = installed(folder), catalog()
    table = Table(
        Column("model", no_wrap=True), "for", "language", "MB", "licence", "here", box=None, pad_edge=False
    )
    for model in known.values():
        there = "yes" if model.name in here else ""
        table.add_row(model.name, model.what, model.language, str(model.mb), model.licence, there)
    for name in here:
        if name not in known:
            table.add_row(name, "", "", "", "", "yes, your own")
    Console().print(table)
    click.echo(f"Models lie in {folder}; their makers publish them, and their licences are theirs.")


@models.command(
    "pull",
    epilog="\b\nExamples:\n  tellerline models pull\n"
    "  tellerline models pull vosk-model-small-es-0.42 es_ES-davefx-medium",
)
@click.argument("names", nargs=-1)
@_SETTINGS
def pull_(names: tuple[str, ...], file: Path | None) -> None:
    """Download models; without a name, what an English line needs. What broke off goes on."""
    known = catalog()
    wanted = [named(name, known) for name in names or SET]
    folder = _folder(file)
    unpromised: list[str] = []
    with Bars(Console(stderr=True)) as bars:
        for model in wanted:
            pulled = anyio.run(pull, model, folder, bars.show)
            unpromised += [f"{model.name}/{file}" for file in pulled.unpromised]
    if unpromised:
        click.echo(f"Their hubs say no hash of {', '.join(unpromised)}: these are as they came.")
    click.echo(f"{len(wanted)} model(s) lie in {folder}. The line uses them from its next start.")


@models.command(
    "verify",
    epilog="\b\nExamples:\n  tellerline models verify\n  tellerline models verify en_US-ljspeech-medium",
)
@click.argument("names", nargs=-1)
@_SETTINGS
def verify_(names: tuple[str, ...], file: Path | None) -> None:
    """Read models again, all when none is named; ends with 1 when one has changed."""
    folder = _folder(file)
    found = [verify(folder, name) for name in names or installed(folder)]
    for one in found:
        click.echo(f"{one.name}: {one.condition.value} ({one.mb:.0f} MB)")
        for wrong in one.wrong:
            click.echo(f"  {wrong}")
    if any(one.condition is Condition.CHANGED for one in found):
        raise click.exceptions.Exit(1)


@models.command(
    "import",
    epilog="\b\nExamples:\n  tellerline models import ./vosk-model-small-en-us-0.15.zip\n"
    "  tellerline models import /media/stick/whisper --name faster-whisper-tiny.en",
)
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--name", help="What to call it; the name of the folder or file when it is left out.")
@_SETTINGS
def import_(source: Path, name: str | None, file: Path | None) -> None:
    """Copy a model from a folder or a zip file, for a machine without internet."""
    if not source.exists():
        raise BadInput(f"there is nothing at {source}")
    chosen = name or (source.stem if source.suffix == ".zip" else source.resolve().name)
    put(source, _folder(file), chosen)
    click.echo(f"{chosen} lies in {_folder(file)}. The line uses it from its next start.")


def _folder(file: Path | None) -> Path:
    return read(file, os.environ).hearing.models
