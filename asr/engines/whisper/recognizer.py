"""Whisper as a recognizer: it hears nothing until all is said, and then takes its time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import anyio

from asr.engines.apart import RecognizerApart
from asr.recognizer import Final as Heard
from asr.recognizer import Hint, Partial, Word
from core.audio import SAMPLE_BYTES, Audio
from core.child import Head
from core.errors import BadInput, HearingLost
from core.pipe import Pipe

_RATE_HZ: Final = 16_000
_LONGEST_S: Final = 30.0  # it computes thirty seconds, whatever comes
_FINISH_S: Final = 5.0
_SILENT_S: Final = 15.0
_WORKER: Final = "asr.engines.whisper.worker"
_FILES: Final = ("config.json", "model.bin", "tokenizer.json")


class WhisperRecognizer(RecognizerApart["WhisperHearing"]):
    """A CTranslate2 folder, called `whisper-` and its name. Raises BadInput for one that is not whole."""

    rate_hz = _RATE_HZ

    def __init__(self, folder: Path, *, workers: int = 2) -> None:
        if missing := [name for name in _FILES if not (folder / name).exists()]:
            raise BadInput(f"{folder} is no Whisper model: it has no {', '.join(missing)}")
        self._english = ".en" in folder.name
        name = f"whisper-{folder.name.removeprefix('faster-').removeprefix('whisper-')}"
        super().__init__(name, _WORKER, [str(folder), str(workers)], silent_s=_SILENT_S)

    @property
    def has_room(self) -> bool:
        """Whether its process can hear now."""
        return self.up

    def hears(self, language: str) -> bool:
        """English, and nearly a hundred others unless the folder's name has `.en`."""
        return not self._english or language.split("-", maxsplit=1)[0] == "en"

    def _open(self, number: int, pipe: Pipe, hint: Hint) -> "WhisperHearing":
        return WhisperHearing(number, pipe, hint)


class WhisperHearing:
    """Sound is kept, thirty seconds at most, and handed over at the end. There is no partial result."""

    partial = Partial("")

    def __init__(self, number: int, pipe: Pipe, hint: Hint) -> None:
        self._number, self._pipe, self._hint = number, pipe, hint
        self._sound = bytearray()
        self._asked = False
        self._done = anyio.Event()
        self._final: Heard | None = None

    def feed(self, audio: Audio) -> None:
        """More sound, at 16 kHz."""
        room = round(_LONGEST_S * _RATE_HZ) * SAMPLE_BYTES - len(self._sound)
        self._sound += audio.pcm[:room]

    async def finish(self) -> Heard:
        """What was said."""
        if not self._sound:
            return Heard("", ("",))
        head = {
            "do": "hear",
            "hearing": self._number,
            "language": self._hint.language.split("-", maxsplit=1)[0],
            "phrases": list(self._hint.phrases),
        }
        self._asked = self._pipe.put(head, bytes(self._sound), answered=True)
        with anyio.move_on_after(_FINISH_S):
            await self._done.wait()
        if self._final is None:
            raise HearingLost("Whisper was lost" if self._done.is_set() else "Whisper is too slow")
        return self._final

    def close(self) -> None:
        """It is not needed any more."""
        if self._asked and not self._done.is_set():
            self._pipe.put({"do": "forget", "hearing": self._number})

    def take(self, head: Head) -> None:
        """The process has an answer."""
        self._final = _final(head["segments"])
        self._done.set()

    def lose(self) -> None:
        """The process is gone."""
        self._done.set()


def _final(segments: list[dict[str, Any]]) -> Heard:
    text = " ".join(one["text"] for one in segments)
    words = tuple(word for one in segments for word in _words(one))
    return Heard(text, (text,), words, min((one["confidence"] for one in segments), default=0.0))


def _words(segment: dict[str, Any]) -> Iterator[Word]:
    """Evenly over their segment: their own times would cost another pass over it."""
    words, start_s = segment["text"].split(), segment["from_s"]
    each_s = max(segment["to_s"] - start_s, 0.01) / max(len(words), 1)
    for place, word in enumerate(words):
        yield Word(word, start_s + place * each_s, start_s + (place + 1) * each_s)
