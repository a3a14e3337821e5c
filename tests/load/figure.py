"""A figure that was measured, what it is held against, and how figures are shown and kept."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """`baseline` is measured in the same run, and `of` says what it is.

    `floor` must be reached, `aim` is wished for. Where `less` is better, a figure must not be above them.
    """

    name: str
    value: float
    unit: str
    baseline: float | None
    of: str
    floor: float | None = None
    aim: float | None = None
    less: bool = True

    @property
    def verdict(self) -> str:
        """`aim`, `floor`, `below`, or nothing where nothing is demanded."""
        if self.aim is not None and self._reaches(self.aim):
            return "aim"
        if self.floor is None:
            return ""
        return "floor" if self._reaches(self.floor) else "below"

    def _reaches(self, mark: float) -> bool:
        return self.value <= mark if self.less else self.value >= mark


_COLOURS = {"aim": "green", "floor": "yellow", "below": "red", "": "white"}


def show(console: Console, figures: Sequence[Figure]) -> None:
    """The table on the screen."""
    table = Table(title="measured", title_justify="left", box=None, header_style="dim")
    for heading in ("name", "value", "unit", "baseline", "of", "floor", "aim", "reached"):
        right = heading in {"value", "baseline", "floor", "aim"}
        table.add_column(heading, justify="right" if right else "left", no_wrap=heading == "name")
    for one in figures:
        verdict = f"[{_COLOURS[one.verdict]}]{one.verdict}[/]"
        numbers = [_number(one.value), one.unit, _number(one.baseline), one.of]
        table.add_row(one.name, *numbers, _number(one.floor), _number(one.aim), verdict)
    console.print(table)


def keep(file: Path, figures: Sequence[Figure], machine: str) -> None:
    """Write them as JSON; figures of other names that stand in the file stay."""
    known = json.loads(file.read_text()) if file.exists() else {}
    new = {
        one.name: {
            "value": one.value,
            "unit": one.unit,
            "baseline": one.baseline,
            "of": one.of,
            "machine": machine,
        }
        for one in figures
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(known | new, indent=2) + "\n")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}"
