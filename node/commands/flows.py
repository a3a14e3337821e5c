"""`tellerline flows`: the flows that answer numbers, listed, checked, shown and written."""

import sys
from pathlib import Path

import click

from core import log
from core.errors import BadInput
from node.commands.with_settings import with_settings
from node.flows import FLOWS, folder_of, library_of
from node.listing import listed
from node.settings import Settings

_STDIN = "-"


@click.group(
    epilog="\b\nExamples:\n  tellerline flows check front_office.yaml\n"
    "  tellerline flows put front_office front_office.yaml\n  tellerline flows list"
)
def flows() -> None:
    """Conversations that answer numbers: ours, and those that you write."""
    log.configure("warning", "console")


@flows.command("list", epilog="\b\nExamples:\n  tellerline flows list")
@with_settings
def list_(settings: Settings) -> None:
    """List all flows."""
    library = library_of(settings)
    rows = [
        (name, "yours" if name in library.written else "ours", (library[name].__doc__ or "").split("\n")[0])
        for name in sorted(library)
    ]
    listed(("name", "whose", "about"), rows)


@flows.command(epilog="\b\nExamples:\n  tellerline flows check front_office.yaml survey.yaml")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@with_settings
def check(settings: Settings, files: tuple[Path, ...]) -> None:
    """Tell every mistake in FILES, without keeping any; ends with 2 when there are some."""
    library, wrong = library_of(settings), False
    for file in files:
        try:
            steps = len(library.read(file.stem, _read(file)).steps)
        except BadInput as mistakes:
            click.secho(str(mistakes), fg="red", err=True)
            wrong = True
        else:
            click.secho(f"{file} is good: {steps} step(s).", fg="green")
    sys.exit(2 if wrong else 0)


@flows.command(epilog="\b\nExamples:\n  tellerline flows show survey > survey.yaml")
@click.argument("name")
@with_settings
def show(settings: Settings, name: str) -> None:
    """Print the flow NAME as it is written."""
    if name in FLOWS:
        raise BadInput(f"{name} is a flow of ours, which is a program: see ivr/flows")
    click.echo(library_of(settings).text(name), nl=False)


@flows.command(
    epilog="\b\nExamples:\n  tellerline flows put survey survey.yaml\n"
    "  tellerline flows put survey - < survey.yaml"
)
@click.argument("name")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@with_settings
def put(settings: Settings, name: str, source: Path) -> None:
    """Write FILE as the flow NAME: a line that is running uses it from the next call on."""
    text = sys.stdin.read() if str(source) == _STDIN else _read(source)
    library_of(settings).put(name, text)
    click.echo(f"{name} is in {folder_of(settings)}. Give it to a number: numbers.NUMBER.flow: {name}")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise BadInput(f"{file} cannot be read as UTF-8 text: {why}") from why
