"""Parts of the bench, each by itself: one that breaks, hangs or forgets a figure leaves the others alone."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import anyio
from rich.console import Console

from core.errors import TellerlineError
from tests.load.figure import Figure, keep

LONGEST_S: Final = 900.0  # more than any part takes by itself

Part = Callable[[], Awaitable[list[Figure]]]


@dataclass(slots=True)
class Frame:
    """What was measured so far, kept in `file` as soon as it is known, and why the rest was not."""

    console: Console
    file: Path
    machine: Callable[[], str]
    longest_s: float = LONGEST_S
    figures: list[Figure] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)

    async def measure(self, names: Sequence[str], part: Part) -> bool:
        """Run one part; whether it gave all of its figures."""
        began = anyio.current_time()
        try:
            with anyio.fail_after(self.longest_s):
                found = await part()
        except TimeoutError:
            return self.lose(names, f"it took longer than {self.longest_s:.0f} s")
        except Exception as error:
            return self.lose(names, told(error))
        self.add(found)
        self.console.print(
            f"  ({names[0]}: {anyio.current_time() - began:.0f} s)", style="dim", highlight=False
        )
        missing = [name for name in names if not any(_is(one.name, name) for one in found)]
        return not missing or self.lose(missing, "no figure came of it; what it said stands above")

    def add(self, figures: Sequence[Figure]) -> None:
        """These were measured."""
        self.figures += figures
        keep(self.file, figures, self.machine())

    def lose(self, names: Sequence[str], why: str) -> bool:
        """There will be no such figures; False."""
        for name in names:
            self.broken[name] = why
        self.console.print(f"[red]not measured: {', '.join(names)}: [/]{why}", highlight=False)
        return False


def told(error: BaseException) -> str:
    """What broke, in a line: the innermost of grouped errors, with its kind where it is none of ours."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    words = str(error).strip() or "no words"
    return words if isinstance(error, TellerlineError) else f"{type(error).__name__}: {words}"


def _is(name: str, wanted: str) -> bool:
    return name.startswith(wanted) if wanted.endswith(".") else name == wanted
