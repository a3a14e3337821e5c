"""What the line speaks with: recordings, Piper where voices of it were chosen, and espeak-ng for the rest."""

from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import structlog
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from core.errors import BadInput, VoiceLost
from core.pool import Pool
from node.parts.espeak import espeak_argv
from node.parts.folder import local_folder
from node.parts.program import Part, find
from node.settings import VoiceSettings
from tts.cache import SoundCache
from tts.engines.espeak import Espeak
from tts.engines.piper.voice import PiperVoice
from tts.recordings import Recordings
from tts.voice import Voice

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - Linux's folder in memory; Asterisk reads there too
_HASH_CHARS: Final = 12


class Speaks:
    """The line's voices; `run` keeps those up that need it."""

    def __init__(self, sounds: SoundCache, piper: PiperVoice | None) -> None:
        self.sounds = sounds
        self._piper = piper

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Started when Piper can speak, at once without it; espeak-ng speaks where Piper never can."""
        if self._piper is None:
            task_status.started()
            return
        try:
            await self._piper.run(task_status=task_status)
        except VoiceLost as lost:
            log.error("espeak-ng speaks instead of Piper", why=str(lost))
            task_status.started()


def speaks(settings: VoiceSettings, data: Path, models: Path, recordings: Recordings, pool: Pool) -> Speaks:
    """The voices and their cache. Raises PartMissing without espeak-ng, BadInput for a voice that is none."""
    argv = [settings.program] if settings.program else espeak_argv(find(Part.ESPEAK_NG, local_folder()))
    espeak = Espeak(argv, words_a_minute=settings.words_per_minute)
    piper = _piper(settings, models, pool.places)
    voices: list[Voice] = [espeak] if piper is None else [piper, espeak]
    folder = (data / "prompts").absolute()
    mine = sha256(str(folder).encode()).hexdigest()[:_HASH_CHARS]
    spare = _MEMORY / f"tellerline-{mine}" if _MEMORY.is_dir() else None
    sounds = SoundCache(
        voices,
        folder,
        recordings=recordings,
        pool=pool,
        max_bytes=settings.cache_mb << 20,
        spare=spare,
    )
    return Speaks(sounds, piper)


def recordings(settings: VoiceSettings, prompts: list[str]) -> Recordings:
    """What a person has spoken. Raises BadInput with every mistake in it."""
    if not settings.recordings:
        return Recordings.none()
    return Recordings.read(Path(settings.recordings), prompts)


def _piper(settings: VoiceSettings, models: Path, threads: int) -> PiperVoice | None:
    if not settings.piper:
        return None
    if find_spec("piper") is None:
        raise BadInput("voice.piper needs the library piper-tts: pip install 'tellerline[piper]'")
    return PiperVoice({_language(name): _model(models / name) for name in settings.piper}, threads=threads)


def _language(name: str) -> str:
    """Piper's voices are called by it: `en_US-ljspeech-medium`."""
    return name.split("_", maxsplit=1)[0]


def _model(folder: Path) -> Path:
    found = sorted(folder.glob("*.onnx"))
    if not found:
        raise BadInput(
            f"voice.piper: there is no voice in {folder}; `tellerline models list` shows which are"
        )
    return found[0]
