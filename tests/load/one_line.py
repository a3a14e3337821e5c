"""The line that several parts of the bench share."""

import shutil
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType
from typing import Self

from node.parts.folder import local_folder
from tests.load.frame import Frame, told
from tests.load.lab import Lab, lab
from tests.load.parts import Names, OfLine
from tests.load.trial import Tell


class OneLine:
    """Started for the first part; one on which a part broke is stopped, and the next part gets a new one."""

    def __init__(self, frame: Frame, tell: Tell) -> None:
        self._frame, self._tell = frame, tell
        self._stack = AsyncExitStack()
        self._lab: Lab | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        await self._stop()

    async def measure(self, several: Names, part: OfLine) -> None:
        """Run a part on the line."""
        try:
            line = self._lab or await self._start()
        except Exception as error:
            self._frame.lose(several, f"no line: {told(error)}")
            await self._stop()
            return
        if not await self._frame.measure(several, partial(part, line, self._frame.console, self._tell)):
            await self._stop()

    async def _start(self) -> Lab:
        self._tell("starting a line", 0.0)
        folder = local_folder() / "bench"
        shutil.rmtree(folder, ignore_errors=True)
        self._lab = await self._stack.enter_async_context(lab(folder))
        return self._lab

    async def _stop(self) -> None:
        self._lab = None
        await self._stack.aclose()
