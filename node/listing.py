"""Lists on standard output: whole for programs, fitted to the screen for people."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

_WIDE: Final = 400


def listed(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; the first column, an id, is never cut."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    table = Table(box=None, pad_edge=False)
    for place, name in enumerate(columns):
        table.add_column(name, no_wrap=place == 0, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
