"""One of our own commands as a process of its own: started, waited for, killed, started again."""

import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import anyio
import structlog

from node.parts.errors import NotStarted
from node.parts.process import Server, last_words, launch

log = structlog.get_logger(__name__)

_POLL_S = 0.02

Ready = Callable[[], Awaitable[bool]]


class Child:
    """Runs `tellerline ARGUMENTS`; `ready` is asked until it says yes. Its words go to `words`."""

    def __init__(
        self, name: str, arguments: Sequence[str], words: Path, ready: Ready, environment: Mapping[str, str]
    ) -> None:
        self._name, self._arguments, self._words = name, arguments, words
        self._ready, self._environment = ready, environment
        self._server: Server | None = None

    @property
    def pid(self) -> int:
        """The number of its process; NotStarted when it does not run."""
        if self._server is None or not self._server.alive:
            raise NotStarted(f"the {self._name} does not run")
        return self._server.pid

    @property
    def words(self) -> Path:
        """The file with all that it said."""
        return self._words

    async def start(self, timeout_s: float = 30.0) -> None:
        """Start it, and return when it is ready; raises NotStarted with its last words."""
        command = [sys.executable, "-m", "node", *self._arguments]
        self._server = await launch(command, self._words, {**os.environ, **self._environment})
        with anyio.move_on_after(timeout_s):
            while self._server.alive:
                if await self._ready():
                    log.info("child started", child=self._name, pid=self.pid)
                    return
                await anyio.sleep(_POLL_S)
        said = last_words([self._words])
        await self.kill()
        raise NotStarted(f"the {self._name} was not ready within {timeout_s:g} s; it said last:\n{said}")

    async def ended(self) -> int:
        """Wait until it ends; its exit code, negative when a signal ended it."""
        if self._server is None:
            raise NotStarted(f"the {self._name} was not started")
        return await self._server.ended()

    async def stop(self, timeout_s: float = 20.0) -> None:
        """Ask it to drain (SIGTERM), wait, and end it when it does not. Fine when it does not run."""
        if self._server is not None:
            await self._server.leave(timeout_s, ask=signal.SIGTERM)

    async def kill(self) -> None:
        """End it as a power cut would (SIGKILL). Without effect when it does not run."""
        if self._server is not None:
            await self._server.kill()
