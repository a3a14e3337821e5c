"""Piper as a voice: its process, kept warm, and the speeches that wait for it."""

from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Final

import anyio
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from core.audio import Audio
from core.child import Head
from core.errors import BadInput, OutOfReach, VoiceLost
from core.kept import Kept
from tts.voice import Speech

_SENTENCES: Final = 256  # that nobody fetched
_SILENT_S: Final = 20.0
_HASH_CHARS: Final = 16

_Told = tuple[Head, bytes]


class PiperVoice:
    """Models by language (`NAME.onnx` with `NAME.onnx.json` beside it). `run` keeps their process up.

    Raises BadInput for a file that is not there.
    """

    def __init__(self, models: Mapping[str, Path], *, threads: int = 2, sentence_s: float = 10.0) -> None:
        self._sentence_s = sentence_s
        self._languages = frozenset(models)
        self._hash = _hash(models)
        self._numbers = count(1)
        self._waiting: dict[int, MemoryObjectSendStream[_Told]] = {}
        self._kept = Kept(
            f"piper {self._hash}",
            "tts.engines.piper.worker",
            [str(threads), *(f"{language}={model}" for language, model in sorted(models.items()))],
            take=self._take,
            lose=self._lose,
            silent_s=_SILENT_S,
        )

    @property
    def name(self) -> str:
        """`piper` and a hash of its models."""
        return self._kept.name

    @property
    def pid(self) -> int:
        """The number of its process, 0 while there is none."""
        return self._kept.pid

    def speaks(self, language: str) -> bool:
        """Whether there is a model of it, for whatever region."""
        return self._model(language) is not None

    async def speak(self, speech: Speech) -> AsyncIterator[Audio]:
        """The sound, a sentence at a time, at the model's rate. Raises VoiceLost when the process fails."""
        language = self._model(speech.language)
        if language is None:
            raise VoiceLost(f"Piper has no voice for {speech.language!r}")
        if not speech.text.strip():
            return
        number = next(self._numbers)
        put, told = anyio.create_memory_object_stream[_Told](_SENTENCES)
        self._waiting[number] = put
        try:
            with put, told:
                self._ask(number, language, speech.text)
                async for audio in self._sentences(told):
                    yield audio
        finally:
            self._waiting.pop(number, None)

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Keep the process up; started when it can speak. Raises VoiceLost when it never does."""
        try:
            await self._kept.run(task_status=task_status)
        except OutOfReach as why:
            raise VoiceLost(str(why)) from why

    def _ask(self, number: int, language: str, text: str) -> None:
        pipe = self._kept.pipe
        head = {"do": "say", "speech": number, "language": language}
        if pipe is None or not pipe.put(head, text.encode(), answered=True):
            raise VoiceLost(f"{self.name} is not running")

    async def _sentences(self, told: MemoryObjectReceiveStream[_Told]) -> AsyncIterator[Audio]:
        while True:
            try:
                with anyio.fail_after(self._sentence_s):
                    head, body = await told.receive()
            except TimeoutError as late:
                raise VoiceLost(f"Piper took more than {self._sentence_s:g} s for a sentence") from late
            except anyio.EndOfStream as gone:
                raise VoiceLost(f"{self.name} was lost in the middle of a sentence") from gone
            match head["is"]:
                case "sound":
                    yield Audio(body, head["rate_hz"])
                case "said":
                    return
                case _:
                    raise VoiceLost(f"Piper cannot say it: {head.get('why', head)}")

    def _take(self, head: Head, body: bytes) -> None:
        if (put := self._waiting.get(head["speech"])) is not None:
            put.send_nowait((head, body))

    def _lose(self) -> None:
        for put in self._waiting.values():
            put.close()

    def _model(self, language: str) -> str | None:
        base = language.split("-", maxsplit=1)[0]
        return next((one for one in (language, base) if one in self._languages), None)


def _hash(models: Mapping[str, Path]) -> str:
    """Of the models' settings and sizes: another voice makes other sounds."""
    digest = sha256()
    for language, model in sorted(models.items()):
        settings = model.with_name(f"{model.name}.json")
        for file in (model, settings):
            if not file.exists():
                raise BadInput(f"there is no file {file}; a Piper voice is NAME.onnx and NAME.onnx.json")
        digest.update(f"{language}\0{model.name}\0{model.stat().st_size}\0".encode() + settings.read_bytes())
    return digest.hexdigest()[:_HASH_CHARS]
