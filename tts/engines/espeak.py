"""eSpeak NG, run as a program: robotic, small, local and in more than a hundred languages."""

from collections.abc import AsyncIterator, Mapping, Sequence

import anyio

from core.audio import Audio
from core.errors import BadInput, VoiceLost
from tts.sentences import sentences
from tts.voice import Speech
from tts.wav import read_wav

_CLOSING = (".", ",", ":", ";", "!", "?", "।")
_VOICES: Mapping[str, str] = {"en": "en-us", "es": "es-419"}


class Espeak:
    """A voice by espeak-ng 1.50 or newer.

    `program` is the command before our options: `("espeak-ng",)`, or a loader with its library path and
    `--path=` of the voice data. `environment` replaces the process's own when it is given. `voices` names
    the voice of a language where its tag alone would not do. One sentence may take `timeout_s`.
    """

    def __init__(
        self,
        program: Sequence[str] = ("espeak-ng",),
        environment: Mapping[str, str] | None = None,
        *,
        voices: Mapping[str, str] = _VOICES,
        words_a_minute: int = 150,
        version: str = "",
        timeout_s: float = 10.0,
    ) -> None:
        self._program = tuple(program)
        self._environment = environment
        self._voices = voices
        self._rate = words_a_minute
        self._version = version
        self._timeout_s = timeout_s

    @property
    def name(self) -> str:
        """What makes its sound its own."""
        return f"espeak-ng {self._version} at {self._rate} with {sorted(self._voices.items())}"

    def speaks(self, language: str) -> bool:
        """Any."""
        return bool(language)

    async def speak(self, speech: Speech) -> AsyncIterator[Audio]:
        """The sound, a sentence at a time, at 22,050 Hz. Raises VoiceLost when the program fails."""
        for sentence in sentences(speech.text):
            yield await self._said(sentence, speech.language)

    async def _said(self, sentence: str, language: str) -> Audio:
        wav = await self._run(sentence, self._voices.get(language, language))
        try:
            return read_wav(wav)
        except BadInput as broken:
            raise VoiceLost(f"{self._program[-1]} gave no sound for {language!r}: {broken}") from broken

    async def _run(self, sentence: str, voice: str) -> bytes:
        pause = () if sentence.endswith(_CLOSING) else ("-z",)
        options = ("-v", voice, "-s", str(self._rate), *pause, "--stdin", "--stdout")
        try:
            with anyio.fail_after(self._timeout_s):
                done = await anyio.run_process(
                    [*self._program, *options], input=sentence.encode(), check=False, env=self._environment
                )
        except TimeoutError as late:
            raise VoiceLost(
                f"{self._program[0]} took more than {self._timeout_s:g} s for a sentence"
            ) from late
        except OSError as missing:
            raise VoiceLost(f"the voice cannot be started: {missing}; is espeak-ng installed?") from missing
        if done.returncode:
            why = done.stderr.decode(errors="replace").strip()
            raise VoiceLost(f"{self._program[0]} ended with {done.returncode}: {why}")
        return done.stdout
