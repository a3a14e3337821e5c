"""The proof on a screen: progress bars while it works, then a table of calls and one of places."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from node.prove.places import Searched
from node.prove.result import Proof

_MOST_LEAKS = 20


class Bars:
    """A bar for each phase; used as a context manager."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._current: TaskID | None = None

    def phase(self, name: str, total: int) -> None:
        """Something of so many parts begins."""
        self._current = self._progress.add_task(name, total=total)

    def step(self) -> None:
        """A part of it is done."""
        if self._current is not None:
            self._progress.advance(self._current)

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def show_proof(console: Console, proof: Proof) -> None:
    """Calls, places, every leak, and the sum."""
    console.print(_calls(proof))
    console.print(_places(proof))
    for place in proof.searched:
        _show_wrong(console, place)
    console.print(sentence(proof), style="bold green" if proof.holds else "bold red")


def sentence(proof: Proof) -> str:
    """What came of it, in one sentence."""
    bad = [place for place in proof.searched if not place.clean]
    failed = [call for call in proof.calls if call.problem]
    if proof.holds:
        size = sum(place.size_bytes for place in proof.searched) / 1e6
        return (
            f"None of {proof.cards} cards was found in {len(proof.searched)} places ({size:.0f} MB); "
            "the control was found in every one."
        )
    missing = proof.wanted_captures - proof.captures
    parts = [
        f"{len(bad)} of {len(proof.searched)} places are not clean" if bad else "",
        f"{len(failed)} calls did not go their way" if failed else "",
        f"{missing} cards of {proof.wanted_captures} were not captured" if missing > 0 else "",
    ]
    return "The proof does not hold: " + (", ".join(filter(None, parts)) or "nothing was searched") + "."


def _calls(proof: Proof) -> Table:
    table = Table(title="calls", title_justify="left", box=None, header_style="dim")
    for name in ("way out", "keys", "outcome", "tries", "seconds", ""):
        table.add_column(name)
    for call in proof.calls:
        mark = f"[red]✗ {call.problem}[/]" if call.problem else "[green]✓[/]"
        table.add_row(call.way, call.dtmf, call.outcome, str(call.tries), f"{call.seconds:.1f}", mark)
    table.add_row("success, many", "info", f"{proof.captures} cards captured and charged", "", "", "")
    return table


def _places(proof: Proof) -> Table:
    table = Table(title="places", title_justify="left", box=None, header_style="dim")
    for name in ("place", "searched", "MB", "found", "control", ""):
        table.add_column(name, justify="right" if name in ("searched", "MB", "found") else "left")
    for place in proof.searched:
        control = "[green]found[/]" if place.controls else "[red]missed[/]"
        verdict = "[green]✓[/]" if place.clean else "[red]✗[/]"
        found = (
            str(len(place.leaks))
            if not place.unreadable
            else f"{len(place.leaks)}, {len(place.unreadable)} unread"
        )
        table.add_row(place.place, str(place.items), f"{place.size_bytes / 1e6:.1f}", found, control, verdict)
    return table


def _show_wrong(console: Console, place: Searched) -> None:
    for leak in place.leaks[:_MOST_LEAKS]:
        console.print(f"[red]✗[/] {place.place}: {leak.canary} stands in {leak.where} ({leak.how})")
    for problem in place.unreadable[:_MOST_LEAKS]:
        console.print(f"[red]✗[/] {place.place}: cannot be read: {problem}")
