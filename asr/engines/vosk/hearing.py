"""One stretch of speech on its way through the recognizer's process."""

from typing import Any, Final

import anyio

from asr.recognizer import Final as Heard
from asr.recognizer import Partial, Word
from asr.strain import Step, Strain
from core.audio import SAMPLE_BYTES, Audio
from core.child import Head
from core.errors import HearingLost
from core.pipe import Pipe

CHUNK_S: Final = 0.1  # below, the engine pays more for winning Python's lock than for its work
LONGER_CHUNK_S: Final = 0.4
_FINISH_S: Final = 3.0


class VoskHearing:
    """Sound goes in by tenths of a second; under strain by more, and without partial results."""

    def __init__(self, number: int, pipe: Pipe, rate_hz: int, strain: Strain) -> None:
        self._number, self._pipe, self._strain = number, pipe, strain
        self._bytes_a_second = rate_hz * SAMPLE_BYTES
        self._sound = bytearray()
        self._done = anyio.Event()
        self._final: Heard | None = None
        self.partial = Partial("")

    def feed(self, audio: Audio) -> None:
        """More sound, at the recognizer's rate."""
        self._sound += audio.pcm
        longer = self._strain.step >= Step.LONGER_CHUNKS
        if len(self._sound) >= self._bytes_a_second * (LONGER_CHUNK_S if longer else CHUNK_S):
            self._send(partial=self._strain.step < Step.NO_PARTIALS)

    async def finish(self) -> Heard:
        """What was said."""
        self._send(partial=False)
        self._say("finish", answered=True)
        with anyio.move_on_after(_FINISH_S):
            await self._done.wait()
        if self._final is None:
            raise HearingLost(
                "the recognizer was lost" if self._done.is_set() else "the recognizer is too slow"
            )
        return self._final

    def close(self) -> None:
        """It is not needed any more."""
        self._say("close")

    def take(self, head: Head) -> None:
        """The process says something about it."""
        match head["is"]:
            case "partial":
                self.partial = Partial(head["text"])
            case "final":
                self._final = _final(head["heard"])
                self._done.set()

    def lose(self) -> None:
        """The process is gone."""
        self._done.set()

    def _send(self, *, partial: bool) -> None:
        self._say("audio", bytes(self._sound), answered=True, partial=partial)
        self._sound.clear()

    def _say(self, do: str, body: bytes = b"", *, answered: bool = False, partial: bool = False) -> None:
        head = {"do": do, "hearing": self._number, "partial": partial}
        self._pipe.put(head, body, answered=answered)


def _final(heard: list[dict[str, Any]]) -> Heard:
    """Vosk's own confidence was 1.0 for right and wrong alike, and is left out."""
    texts = tuple(dict.fromkeys(_said(one["text"]) for one in heard)) or ("",)
    words = (
        tuple(Word(word["word"], word["start"], word["end"]) for word in heard[0].get("result", ()))
        if heard
        else ()
    )
    return Heard(texts[0], texts, words)


def _said(text: str) -> str:
    """Without the sign for what is no word of the grammar."""
    return " ".join(word for word in text.split() if word != "[unk]")
