"""A voice that says nothing, for as long as the text would take: for tests, simulations and demos."""

from collections.abc import AsyncIterator
from pathlib import Path

from core.audio import Audio, silence
from core.errors import VoiceLost
from tts.sentences import sentences
from tts.sounds import Sound
from tts.voice import Speech

SECONDS_A_CHARACTER = 0.06  # about 160 words a minute
_RATE_HZ = 16_000


class SilentVoice:
    """Speaks silence at 16 kHz, 60 ms a character; `lost` makes it fail from then on."""

    def __init__(self) -> None:
        self.lost = False
        self.spoken: list[Speech] = []

    @property
    def name(self) -> str:
        """What makes its sound its own."""
        return "silence"

    def speaks(self, language: str) -> bool:
        """Any."""
        return bool(language)

    async def speak(self, speech: Speech) -> AsyncIterator[Audio]:
        """Silence, a sentence at a time. Raises VoiceLost when it was made to."""
        for sentence in sentences(speech.text):
            if self.lost:
                raise VoiceLost("the silent voice was told to fail")
            self.spoken.append(Speech(sentence, speech.language))
            yield silence(SECONDS_A_CHARACTER * len(sentence), _RATE_HZ)


class SilentSounds:
    """Sounds without files, at once: the path is the text itself, for a switch that is a fake too."""

    def at_hand(self, speech: Speech) -> Sound:
        """A path that does not exist, and how long the text would take to say."""
        path = Path("/silence", speech.language, speech.text.replace("/", "|"))
        return Sound(path, self.seconds(path))

    async def sound(self, speech: Speech) -> Sound:
        """The same."""
        return self.at_hand(speech)

    @staticmethod
    def seconds(path: Path) -> float:
        """How long a sound of ours lasts, told from its path."""
        return SECONDS_A_CHARACTER * len(path.name)
