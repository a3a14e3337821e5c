"""`tellerline doctor`: look for everything that a newcomer gets wrong, and say how to mend it."""

import os
import sys
from functools import partial
from pathlib import Path

import anyio
import click
from rich.console import Console
from rich.table import Table

from node.doctor import access, database, gateway, machine, ports, switch
from node.doctor.finding import Finding, Verdict
from node.settings import Settings, read

_MARKS = {Verdict.FINE: "[green]✓[/]", Verdict.DOUBTFUL: "[yellow]?[/]", Verdict.BROKEN: "[red]✗[/]"}


@click.command(epilog="Examples: tellerline doctor | tellerline doctor --settings /etc/tellerline.toml")
@click.option(
    "--settings", "file", type=click.Path(path_type=Path), help="The settings file [tellerline.toml]."
)
def doctor(file: Path | None) -> None:
    """Check this machine, Asterisk, the database and the gateway; ends with 1 when something is broken."""
    findings = anyio.run(partial(_look, read(file, os.environ)))
    Console().print(_table(findings))
    sys.exit(any(one.verdict is Verdict.BROKEN for one in findings))


async def _look(settings: Settings) -> list[Finding]:
    return [
        *machine.look(settings.line),
        *ports.look(settings),
        *access.look(settings),
        *await switch.look(settings.switch),
        *await database.look(settings),
        *await gateway.look(settings.payments),
    ]


def _table(findings: list[Finding]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for one in findings:
        table.add_row(_MARKS[one.verdict], one.what, one.saw)
        if one.mend:
            table.add_row("", "", f"[bold]→ {one.mend}[/]")
    return table
