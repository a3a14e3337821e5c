"""Prompts that a person has spoken: a folder for each language, a WAV file for each prompt or sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from core.audio import Audio
from core.errors import BadInput
from tts.voice import Speech
from tts.wav import read_wav


@dataclass(frozen=True, slots=True)
class Recorded:
    """One file; `digest` is of its content."""

    file: Path
    digest: str

    def read(self) -> list[Audio]:
        """Its sound."""
        return [read_wav(self.file.read_bytes())]


class Recordings:
    """`LANGUAGE/PROMPT.wav` is a whole prompt, `LANGUAGE/PROMPT.2.wav` its second sentence.

    What has values in it is never recorded: the voice says it.
    """

    def __init__(self, files: Mapping[tuple[str, str], Recorded]) -> None:
        self._files = files

    @classmethod
    def none(cls) -> "Recordings":
        """No recordings."""
        return cls({})

    @classmethod
    def read(cls, folder: Path, prompts: Iterable[str]) -> "Recordings":
        """Those below a folder. Raises BadInput with every file that is no sound, or is for no prompt."""
        if not folder.is_dir():
            raise BadInput(f"voice.recordings: there is no folder {folder}")
        known, mistakes = frozenset(prompts), list[str]()
        files: dict[tuple[str, str], Recorded] = {}
        for file in sorted(folder.glob("*/*.wav")):
            try:
                data = file.read_bytes()
                _refuse_unknown(file, known)
                read_wav(data)
            except BadInput as wrong:
                mistakes.append(f"{file}: {wrong}")
                continue
            files[file.parent.name, file.stem] = Recorded(file, sha256(data).hexdigest())
        if mistakes:
            raise BadInput("recordings have mistakes:\n" + "\n".join(f"- {one}" for one in mistakes))
        return cls(files)

    def has(self, speech: Speech) -> bool:
        """Whether there is one of a speech."""
        return self.of(speech) is not None

    def of(self, speech: Speech) -> Recorded | None:
        """The recording of a speech; one in `en` serves `en-GB` that has none."""
        if not speech.prompt:
            return None
        base = speech.language.split("-", maxsplit=1)[0]
        found = (self._files.get((language, speech.prompt)) for language in (speech.language, base))
        return next((one for one in found if one is not None), None)


def _refuse_unknown(file: Path, known: frozenset[str]) -> None:
    prompt, _, sentence = file.stem.partition(".")
    if prompt not in known or (sentence and not sentence.isdigit()):
        raise BadInput("its name is PROMPT.wav or PROMPT.2.wav, and no prompt is called so")
