"""Vosk as a recognizer: its process, watched, and the hearings that go on in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Final

from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from asr.engines.vosk.hearing import VoskHearing
from asr.recognizer import Hint
from asr.strain import Step, Strain
from core.child import Head
from core.errors import BadInput, HearingLost, OutOfReach
from core.kept import Kept

_KALDI_RATE_HZ: Final = 16_000
_WORKER: Final = "asr.engines.vosk.worker"


class VoskRecognizer:
    """One model. `run` keeps its process up; `strain` is told how far it lags behind."""

    def __init__(
        self,
        folder: Path,
        language: str,
        *,
        threads: int = 2,
        strain: Strain | None = None,
        worker: str = _WORKER,
    ) -> None:
        self._language = language
        self.strain = strain or Strain()
        self.rate_hz = model_rate_hz(folder)
        self._numbers = count(1)
        self._hearings: dict[int, VoskHearing] = {}
        self._kept = Kept(
            f"vosk-{folder.name.removeprefix('vosk-')}",
            worker,
            [str(folder), str(self.rate_hz), str(threads)],
            take=self._take,
            lose=self._lose,
        )

    @property
    def name(self) -> str:
        """`vosk-` and the folder's name."""
        return self._kept.name

    @property
    def up(self) -> bool:
        """Whether its process can hear now."""
        return self._kept.pipe is not None

    @property
    def has_room(self) -> bool:
        """Whether it is up, and not so far behind that new calls are better answered with keys."""
        return self.up and self.strain.step < Step.KEYPAD_FIRST

    @property
    def pid(self) -> int:
        """The number of its process, 0 while there is none."""
        return self._kept.pid

    def hears(self, language: str) -> bool:
        """Whether this is the model's language, in whatever region."""
        return language.split("-", maxsplit=1)[0] == self._language.split("-")[0]

    @asynccontextmanager
    async def hear(self, hint: Hint) -> AsyncIterator[VoskHearing]:
        """Begin to listen."""
        pipe = self._kept.pipe
        if pipe is None:
            raise HearingLost(f"{self.name} is not running")
        number = next(self._numbers)
        hearing = self._hearings[number] = VoskHearing(number, pipe, self.rate_hz, self.strain)
        pipe.put({"do": "open", "hearing": number, "phrases": list(hint.phrases)})
        try:
            yield hearing
        finally:
            self._hearings.pop(number, None)
            hearing.close()

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Keep the process up; the task has started when it hears. Raises HearingLost when it never does."""
        try:
            await self._kept.run(task_status=task_status)
        except OutOfReach as why:
            raise HearingLost(str(why)) from why

    def _take(self, head: Head, _body: bytes) -> None:
        if self._kept.pipe is not None:
            self.strain.note(self._kept.pipe.answered_s)
        if (hearing := self._hearings.get(head["hearing"])) is not None:
            hearing.take(head)

    def _lose(self) -> None:
        for hearing in self._hearings.values():
            hearing.lose()


def model_rate_hz(folder: Path) -> int:
    """What the model's `conf/mfcc.conf` says; 16 kHz, Kaldi's own default, when it says nothing."""
    try:
        lines = (folder / "conf" / "mfcc.conf").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput(f"{folder} is no Vosk model: {error.strerror} at conf/mfcc.conf") from error
    rates = [line.partition("=")[2] for line in lines if line.startswith("--sample-frequency=")]
    return round(float(rates[0].split("#")[0])) if rates else _KALDI_RATE_HZ
