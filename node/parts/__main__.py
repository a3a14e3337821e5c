"""`python -m node.parts`: bring all outside programs into the checkout."""

import sys
from pathlib import Path

import click
from rich.console import Console

from core.errors import TellerlineError
from core.log import configure
from node.bars import Bars
from node.parts.debs import fetch, fetched
from node.parts.folder import local_folder, parts_root


@click.command()
@click.option(
    "--local",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to bring them into.  [default: $TELLERLINE_LOCAL, or .local of the checkout]",
)
@click.option("--again", is_flag=True, help="Bring the newest versions even if parts are there.")
def main(local: Path | None, again: bool) -> None:
    """Bring Asterisk, baresip, espeak-ng and SIPp into a folder, without installing them.

    Debian packages are fetched with this machine's own apt sources and unpacked. No root is needed, and
    nothing outside of the folder is written.
    """
    local = (local or local_folder()).absolute()
    configure("warning", "console")
    console = Console(stderr=True)
    if fetched(local) and not again:
        console.print(f"The parts are in {parts_root(local)}.", soft_wrap=True)
        return
    try:
        with Bars(console) as bars:
            root = fetch(local, bars.show, again=again)
    except TellerlineError as problem:
        console.print(f"The parts could not be fetched: {problem}", style="red", soft_wrap=True, markup=False)
        sys.exit(1)
    console.print(f"The parts are in {root}.", soft_wrap=True)


if __name__ == "__main__":
    main()
