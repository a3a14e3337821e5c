"""Vosk as a recognizer: streaming, in a process of its own."""

from pathlib import Path
from typing import Final

from asr.engines.apart import RecognizerApart
from asr.engines.vosk.hearing import VoskHearing
from asr.recognizer import Hint
from asr.strain import Step, Strain
from core.child import Head
from core.errors import BadInput
from core.pipe import Pipe

_KALDI_RATE_HZ: Final = 16_000
_WORKER: Final = "asr.engines.vosk.worker"


class VoskRecognizer(RecognizerApart[VoskHearing]):
    """One model, called `vosk-` and the folder's name. `strain` is told how far it lags behind."""

    def __init__(
        self,
        folder: Path,
        language: str,
        *,
        threads: int = 2,
        strain: Strain | None = None,
        worker: str = _WORKER,
    ) -> None:
        self.rate_hz = model_rate_hz(folder)
        self.strain = strain or Strain()
        self._language = language
        name = f"vosk-{folder.name.removeprefix('vosk-')}"
        super().__init__(name, worker, [str(folder), str(self.rate_hz), str(threads)])

    @property
    def has_room(self) -> bool:
        """Whether it is up, and not so far behind that new calls are better answered with keys."""
        return self.up and self.strain.step < Step.KEYPAD_FIRST

    def hears(self, language: str) -> bool:
        """Whether this is the model's language, in whatever region."""
        return language.split("-", maxsplit=1)[0] == self._language.split("-")[0]

    def _open(self, number: int, pipe: Pipe, hint: Hint) -> VoskHearing:
        pipe.put({"do": "open", "hearing": number, "phrases": list(hint.phrases)})
        return VoskHearing(number, pipe, self.rate_hz, self.strain)

    def _take(self, head: Head, body: bytes) -> None:
        if self._kept.pipe is not None:
            self.strain.note(self._kept.pipe.answered_s)
        super()._take(head, body)


def model_rate_hz(folder: Path) -> int:
    """What the model's `conf/mfcc.conf` says; 16 kHz, Kaldi's own default, when it says nothing."""
    try:
        lines = (folder / "conf" / "mfcc.conf").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput(f"{folder} is no Vosk model: {error.strerror} at conf/mfcc.conf") from error
    rates = [line.partition("=")[2] for line in lines if line.startswith("--sample-frequency=")]
    return round(float(rates[0].split("#")[0])) if rates else _KALDI_RATE_HZ
