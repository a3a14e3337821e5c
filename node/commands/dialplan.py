"""`tellerline dialplan`: the admin's file rendered, checked, compared, brought into use and taken back."""

import importlib
import importlib.util
import os
from collections.abc import Iterator, Sequence, Sized
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import anyio
import click

from core.errors import TellerlineError
from dialplan.apply import Applied, NotTaken, TakenBack, Unchanged, apply, roll_back
from dialplan.check import check, write
from dialplan.diff import difference, masked
from dialplan.generations import Generations
from dialplan.mistakes import Mistake
from dialplan.read import AdminFile, read
from dialplan.render import render
from node.commands.dialplan_asterisk import Remote, ThrowAway
from node.parts.folder import local_folder
from node.parts.program import Part, Program, find

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}

_file = click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("exchange.yaml"),
    envvar="TELLERLINE_EXCHANGE",
    show_default=True,
    show_envvar=True,
    help="The admin's file.",
)
_etc = click.option(
    "--etc",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: local_folder() / "asterisk" / "etc",
    envvar="TELLERLINE_ASTERISK_ETC",
    show_default="asterisk/etc of the .local folder",
    show_envvar=True,
    help="The folder that Asterisk reads (`astetcdir`).",
)
_conf = click.option(
    "--asterisk-conf",
    "conf",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    envvar="TELLERLINE_ASTERISK_CONF",
    show_envvar=True,
    help="asterisk.conf of the running Asterisk, to reload it; without it nothing is reloaded.",
)


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


@click.group(
    epilog=_examples("tellerline dialplan check", "tellerline dialplan diff", "tellerline dialplan apply")
)
def dialplan() -> None:
    """Asterisk's configuration, from one file that you edit.

    Nothing that runs is touched before `apply`, and a file with mistakes is never applied.
    """


@dialplan.command(
    "render",
    epilog=_examples(
        "tellerline dialplan render pjsip.conf",
        "tellerline dialplan render --out rendered",
    ),
)
@click.argument("name", required=False)
@_file
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the files here, with their passwords, instead of showing them.",
)
def render_command(name: str | None, file: Path, out: Path | None) -> None:
    """Show what your file becomes (all of it, or the file NAME), with passwords hidden."""
    with _plainly():
        admin = _read(file)
        files = render(admin.exchange, admin.fragments)
        if name is not None and name not in files:
            raise click.BadParameter(f"there is no {name}; there are {', '.join(files)}")
        if out is not None:
            write(out, files)
            click.echo(f"{len(files)} files are in {out}.")
            return
        for each in [name] if name else files:
            click.echo(f"{click.style(f'==> {each} <==', bold=True)}\n{masked(files[each])}")


@dialplan.command("check", epilog=_examples("tellerline dialplan check --file exchange.yaml"))
@_file
def check_command(file: Path) -> None:
    """Tell every mistake in your file and its fragments.

    First the file itself is checked, then Asterisk's own parser reads what it becomes, in a process of
    its own. The running Asterisk is not touched.
    """
    with _plainly():
        admin = _read(file)
        files = render(admin.exchange, admin.fragments)
        _refuse(anyio.run(check, admin, files, ThrowAway(_program())))
        click.secho(f"{file} is good: {_summary(admin)}.", fg="green")


@dialplan.command("diff", epilog=_examples("tellerline dialplan diff", "tellerline dialplan diff | less -R"))
@_file
@_etc
def diff_command(file: Path, etc: Path) -> None:
    """Show what `apply` would change, with passwords hidden."""
    with _plainly():
        admin = _read(file)
        generations = Generations(etc)
        old = generations.files(generations.current)
        changes = difference(old, render(admin.exchange, admin.fragments))
        for line in changes.splitlines():
            click.secho(line, fg=_COLOURS.get(line[:1]))
        if not changes:
            click.echo(f"Nothing would change: generation {generations.current} is what {file} describes.")


@dialplan.command(
    "apply",
    epilog=_examples(
        "tellerline dialplan apply",
        "tellerline dialplan apply --etc /etc/tellerline --asterisk-conf /etc/asterisk/asterisk.conf",
    ),
)
@_file
@_etc
@_conf
@click.option("--keep", default=10, show_default=True, help="How many generations to keep.")
def apply_command(file: Path, etc: Path, conf: Path | None, keep: int) -> None:
    """Check your file, bring it into use, and see that Asterisk took it over.

    When the running Asterisk does not take it over, the generation before is brought back.
    """
    with _plainly():
        program = _program()
        running = Remote(program, conf) if conf else None
        generations = Generations(etc, keep)
        outcome = anyio.run(partial(apply, _read(file), generations, ThrowAway(program), running))
        match outcome:
            case NotTaken(mistakes=mistakes):
                _refuse(mistakes)
            case Unchanged(generation=number):
                click.echo(f"Nothing has changed: generation {number} stays.")
            case Applied() | TakenBack():
                _tell(outcome, conf is not None)


@dialplan.command("rollback", epilog=_examples("tellerline dialplan rollback"))
@_etc
@_conf
def rollback_command(etc: Path, conf: Path | None) -> None:
    """Go back to the generation before. Your file stays as it is."""
    with _plainly():
        running = Remote(_program(), conf) if conf else None
        _tell(anyio.run(partial(roll_back, Generations(etc), running)), conf is not None)


def _tell(outcome: Applied | TakenBack, told: bool) -> None:
    match outcome:
        case Applied(generation=number, at_restart=late):
            words = "Asterisk has taken it over" if told else "no Asterisk was reloaded (--asterisk-conf)"
            click.secho(f"Generation {number} is in use; {words}.", fg="green")
            for thing in late:
                click.secho(f"Only after a restart of Asterisk: {thing}.", fg="yellow")
        case TakenBack(generation=number, reason=reason):
            stays = (
                f"Generation {number} is in use again"
                if number
                else "There was none before, so none is in use"
            )
            raise click.ClickException(f"{reason}\n{stays}.")


def _read(file: Path) -> AdminFile:
    return read(file, os.environ, flows=_flows())


def _refuse(mistakes: Sequence[Mistake]) -> None:
    if mistakes:
        listed = "\n".join(map(str, mistakes))
        raise click.ClickException(f"Nothing was changed; {len(mistakes)} to mend:\n{listed}")


def _summary(admin: AdminFile) -> str:
    exchange = admin.exchange
    counts: dict[str, Sized] = {
        "numbers": exchange.numbers,
        "extensions": exchange.extensions,
        "queues": exchange.queues,
        "trunks": exchange.trunks,
        "fragments": admin.fragments,
    }
    return ", ".join(f"{len(things)} {name}" for name, things in counts.items())


def _flows() -> frozenset[str] | None:
    """The flows that are there; None where none are installed, so that their names cannot be checked."""
    if importlib.util.find_spec("ivr.flows") is None:
        return None
    known: frozenset[str] = importlib.import_module("node.flows").names_here()
    return known


def _program() -> Program:
    return find(Part.ASTERISK, local_folder())


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except TellerlineError as problem:
        raise click.ClickException(str(problem)) from None
