"""One stretch of speech on its way through the recognizer's process."""

from typing import Any, Final

import anyio

from asr.engines.vosk.pipe import Pipe
from asr.recognizer import Final as Heard
from asr.recognizer import Partial, Word
from core.audio import SAMPLE_BYTES, Audio
from core.child import Head
from core.errors import HearingLost

CHUNK_S: Final = 0.1  # below, the engine pays more for winning Python's lock than for its work
_FINISH_S: Final = 3.0


class VoskHearing:
    """Sound goes in by tenths of a second."""

    def __init__(self, number: int, pipe: Pipe, rate_hz: int) -> None:
        self._number, self._pipe = number, pipe
        self._chunk_bytes = round(CHUNK_S * rate_hz) * SAMPLE_BYTES
        self._sound = bytearray()
        self._done = anyio.Event()
        self._final: Heard | None = None
        self.partial = Partial("")

    def feed(self, audio: Audio) -> None:
        """More sound, at the recognizer's rate."""
        self._sound += audio.pcm
        if len(self._sound) >= self._chunk_bytes:
            self._send()

    async def finish(self) -> Heard:
        """What was said."""
        self._send()
        self._say("finish")
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
        if head["is"] == "partial":
            self.partial = Partial(head["text"])
        else:
            self._final = _final(head["heard"])
            self._done.set()

    def lose(self) -> None:
        """The process is gone."""
        self._done.set()

    def _send(self) -> None:
        self._say("audio", bytes(self._sound))
        self._sound.clear()

    def _say(self, do: str, body: bytes = b"") -> None:
        self._pipe.put({"do": do, "hearing": self._number}, body)


def _final(heard: list[dict[str, Any]]) -> Heard:
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
