"""What the line knows of intents: the operator's phrases and models, else those that ship."""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import structlog

from asr.intents.classifier import Classifier
from asr.intents.embedder import Embedder
from asr.intents.model import Model, load
from asr.intents.phrases import SHIPPED
from core.errors import BadInput
from ivr.intents import Reader
from node.settings import HearingSettings

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

TRAINED: Final = SHIPPED.parent / "trained"
_MINILM: Final = ("minilm", "all-MiniLM-L6-v2")
_MINILM_SPEAKS: Final = "en"


def languages(settings: HearingSettings) -> list[str]:
    """The languages that have phrases, sorted."""
    return sorted({file.stem for folder in _folders(settings) for file in folder.glob("*.toml")})


def phrases_file(settings: HearingSettings, language: str) -> Path:
    """The operator's phrases of a language, or ours. Raises BadInput when there are none."""
    for folder in _folders(settings):
        if (file := folder / f"{language}.toml").exists():
            return file
    raise BadInput(f"there are no phrases of {language!r}, only of {', '.join(languages(settings))}")


def model_file(folder: Path, language: str, embedder: Embedder | None) -> Path:
    """Where a trained model lies."""
    return folder / f"{language}{'.minilm' if embedder is not None else ''}.intents"


def embedder(settings: HearingSettings, language: str) -> Embedder | None:
    """MiniLM, where its folder is among the models; it speaks English."""
    folder = next((one for name in _MINILM if (one := settings.models / name).is_dir()), None)
    if language != _MINILM_SPEAKS or folder is None:
        return None
    if not (find_spec("onnxruntime") and find_spec("tokenizers")):
        log.warning("MiniLM is here but not what runs it: pip install 'tellerline[hear]'", folder=str(folder))
        return None
    from asr.engines.minilm.embedder import MiniLm  # noqa: PLC0415 - an extra

    return MiniLm(folder)


def classifier(settings: HearingSettings, language: str, points: Embedder | None = None) -> Classifier | None:
    """The classifier of a language, None where no model was trained. Raises BadInput for a damaged one."""
    model = trained(settings, language, points)
    return None if model is None else Classifier(model, points)


def readers(settings: HearingSettings, wanted: Iterable[str]) -> dict[str, Reader]:
    """What reads free speech in these languages; those without a model are left out."""
    found = {}
    for language in dict.fromkeys(wanted):
        if language in languages(settings) and (quick := classifier(settings, language)) is not None:
            points = embedder(settings, language)
            found[language] = Reader(
                quick, None if points is None else classifier(settings, language, points)
            )
    return found


def trained(settings: HearingSettings, language: str, points: Embedder | None) -> Model | None:
    """The operator's model, or ours: the one with MiniLM where that is here."""
    kinds = (points, None) if points is not None else (None,)
    folders = ([Path(settings.intents)] if settings.intents else []) + [TRAINED]
    for folder in folders:
        for kind in kinds:
            if (file := model_file(folder, language, kind)).exists():
                return load(file)
    return None


def _folders(settings: HearingSettings) -> list[Path]:
    return [Path(settings.intents), SHIPPED] if settings.intents else [SHIPPED]
