"""Progress bars in the terminal, one for each thing that is done."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Bars(Progress):
    """A progress bar for each thing that is done."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
        super().__init__(*columns, TimeElapsedColumn(), console=console)
        self._bars: dict[str, TaskID] = {}

    def show(self, doing: str, done: float) -> None:
        """Move the bar of `doing`, from 0 to 1; a new one begins where it is not known."""
        if doing not in self._bars:
            self._bars[doing] = self.add_task(doing, total=1.0)
        self.update(self._bars[doing], completed=done)
