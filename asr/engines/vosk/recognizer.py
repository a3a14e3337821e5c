"""Vosk as a recognizer: its process, watched, and the hearings that go on in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain, count, repeat
from pathlib import Path
from typing import Final

import anyio
import structlog
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from asr.engines.vosk.hearing import VoskHearing
from asr.engines.vosk.pipe import Pipe
from asr.recognizer import Hint
from core.child import Child, Head
from core.errors import BadInput, HearingLost, OutOfReach

_KALDI_RATE_HZ: Final = 16_000
_START_S: Final = 60.0
_BACKOFF_S: Final = (0.1, 0.5, 2.0, 10.0)

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class VoskRecognizer:
    """One model. `run` keeps its process up for as long as it lasts."""

    def __init__(self, folder: Path, language: str, *, threads: int = 2) -> None:
        self._folder, self._language, self._threads = folder, language, threads
        self.rate_hz = model_rate_hz(folder)
        self._numbers = count(1)
        self._hearings: dict[int, VoskHearing] = {}
        self._pipe: Pipe | None = None

    @property
    def name(self) -> str:
        """`vosk-` and the folder's name."""
        return f"vosk-{self._folder.name.removeprefix('vosk-')}"

    @property
    def up(self) -> bool:
        """Whether its process can hear now."""
        return self._pipe is not None

    @property
    def pid(self) -> int:
        """The number of its process, 0 while there is none."""
        return self._pipe.pid if self._pipe is not None else 0

    def hears(self, language: str) -> bool:
        """Whether this is the model's language, in whatever region."""
        return language.split("-", maxsplit=1)[0] == self._language.split("-")[0]

    @asynccontextmanager
    async def hear(self, hint: Hint) -> AsyncIterator["VoskHearing"]:
        """Begin to listen."""
        if self._pipe is None:
            raise HearingLost(f"{self.name} is not running")
        number = next(self._numbers)
        hearing = self._hearings[number] = VoskHearing(number, self._pipe, self.rate_hz)
        self._pipe.put({"do": "open", "hearing": number, "phrases": list(hint.phrases)})
        try:
            yield hearing
        finally:
            del self._hearings[number]
            hearing.close()

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Keep the process up; the task has started when it hears. Raises HearingLost when it never does."""
        try:
            await self._serve(task_status)
        except _NotStarted as why:
            raise HearingLost(f"{self.name} does not start: {why}") from why
        except OutOfReach as why:
            self._report(why)
        for pause_s in chain(_BACKOFF_S, repeat(_BACKOFF_S[-1])):
            await anyio.sleep(pause_s)
            try:
                await self._serve(TASK_STATUS_IGNORED)
            except OutOfReach as why:
                self._report(why)

    def _report(self, why: OutOfReach) -> None:
        log.error("the recognizer is gone and is started again", engine=self.name, why=str(why))

    async def _serve(self, task_status: TaskStatus[None]) -> None:
        child = await Child.start(
            "asr.engines.vosk.worker", str(self._folder), str(self.rate_hz), str(self._threads)
        )
        try:
            await _ready(child)
            self._pipe = Pipe(child)
            task_status.started()
            await self._pipe.run(self._take)
        finally:
            self._lose()
            await child.end()

    def _take(self, head: Head) -> None:
        if (hearing := self._hearings.get(head["hearing"])) is not None:
            hearing.take(head)

    def _lose(self) -> None:
        self._pipe = None
        for hearing in self._hearings.values():
            hearing.lose()


class _NotStarted(OutOfReach):
    """The process never got as far as to hear."""


async def _ready(child: Child) -> None:
    try:
        with anyio.fail_after(_START_S):
            await child.receive()
    except TimeoutError:
        raise _NotStarted(f"its model was not loaded within {_START_S:g} s") from None
    except OutOfReach as why:
        raise _NotStarted(str(why)) from why


def model_rate_hz(folder: Path) -> int:
    """What the model's `conf/mfcc.conf` says; 16 kHz, Kaldi's own default, when it says nothing."""
    try:
        lines = (folder / "conf" / "mfcc.conf").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput(f"{folder} is no Vosk model: {error.strerror} at conf/mfcc.conf") from error
    rates = [line.partition("=")[2] for line in lines if line.startswith("--sample-frequency=")]
    return round(float(rates[0].split("#")[0])) if rates else _KALDI_RATE_HZ
